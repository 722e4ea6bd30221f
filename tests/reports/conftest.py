"""Pages rendered once for all tests of reports."""

import pytest

from experiments.store.values import save
from reports.render import render_reports
from tests.reports.survey.exact import every_outcome


@pytest.fixture(scope="session")
def made_up_survey(tmp_path_factory):
    """The folder of a survey whose values are made up, with its page."""
    folder = tmp_path_factory.mktemp("survey")
    for values in every_outcome():
        save(values, folder)
    render_reports(folder, figure_files=("svg",))
    return folder
