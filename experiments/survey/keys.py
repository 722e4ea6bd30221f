"""Under which name measures of noise are stored: all that determines them, nothing more."""

from experiments import catalogue
from experiments.data import Fingerprint
from experiments.networks.grid import NetworkSpec
from experiments.networks.keys import network_key, readable, vae_gan_key
from experiments.scores.declared import needs_of
from experiments.settings.studies import arguments
from experiments.store.artefacts import Key
from experiments.survey.study import SurveyStudy


def noise_key(study: SurveyStudy, data: Fingerprint, spec: NetworkSpec, run: int, measure: str) -> Key:
    """Key of a measure of maps of noise, on a network."""
    config = {
        "noise": [study.seed, run],
        "network": network_key(study, data, spec, run).folder,
        "test": data.test,
        "images": study.measured_images,
        "measure": catalogue.identity("measures", measure),
        "parameters": arguments(study, "measures", measure),
        "seed": study.seed,
    }
    if "manifold" in needs_of(measure):
        config["manifold"] = vae_gan_key(study, data, run).folder
    return Key("measures of noise", readable("noise", measure, study.dataset, spec.name, f"t{run}"), config)
