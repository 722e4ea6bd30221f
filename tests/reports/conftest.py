"""Pages rendered once for all tests of reports."""

import pytest

from reports.figures.drawing import Panel
from tests.reports.survey_results import render_survey, results


@pytest.fixture(scope="session")
def made_up_survey(tmp_path_factory):
    """The folder of a rendered survey whose results are made up."""
    folder = tmp_path_factory.mktemp("survey")
    with pytest.MonkeyPatch.context() as patched:
        # No PDFs: embedding their fonts takes longer than all the rest.
        patched.setattr(Panel, "write", lambda panel, to: (to / f"{panel.name}.svg").write_text(panel.text))
        render_survey(folder, patched, results())
    return folder
