"""Pages rendered once for all tests of reports."""

import pytest

from tests.reports.survey_results import render_survey, results


@pytest.fixture(scope="session")
def made_up_survey(tmp_path_factory):
    """The folder of a rendered survey whose results are made up."""
    folder = tmp_path_factory.mktemp("survey")
    with pytest.MonkeyPatch.context() as patched:
        render_survey(folder, patched, results())
    return folder
