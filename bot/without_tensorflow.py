"""A worker whose model has no neural component does without TensorFlow: 360 MB and six seconds of start.

Rasa imports TensorFlow for every model, because its list of stock components is made of classes that derive from
Keras. Here those bases are empty stand-ins. A model with any component that is not known to do without gets the
real TensorFlow, so another config.yml works as before; see `bench/nlu.py` for one.

So it is with what else only Rasa's stock components, channels, stores and plots use: 1,424 of 4,168 modules, 8 of the
17 CPU seconds of importing and 80 MB.
"""

from __future__ import annotations

import json
import sys
import tarfile
from collections.abc import Iterable, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

NEURAL = frozenset({"tensorflow", "tensorflow_addons", "keras"})
STOCK_ONLY = frozenset({"sklearn", "skops", "sklearn_crfsuite", "matplotlib"})
CHANNELS = frozenset({"aiogram", "questionary", "prompt_toolkit", "slack_sdk", "twilio", "webexteamssdk"})
STORES = frozenset({"boto3", "botocore", "pymongo"})
ABSENT = NEURAL | STOCK_ONLY | CHANNELS | STORES
LEARNING = frozenset({"sklearn", "joblib"})
"""What our components train with."""
OURS = "bot.nlu."
NEED_NONE = frozenset(
    {
        "rasa.core.policies.ensemble.DefaultPolicyPredictionEnsemble",
        "rasa.core.policies.rule_policy.RulePolicy",
        "rasa.graph_components.converters.nlu_message_converter.NLUMessageConverter",
        "rasa.graph_components.providers.domain_provider.DomainProvider",
        "rasa.graph_components.providers.rule_only_provider.RuleOnlyDataProvider",
        "rasa.nlu.classifiers.regex_message_handler.RegexMessageHandler",
        "RulePolicy",  # as a configuration names it
    }
)


def components_of(model: Path) -> list[str]:
    """The classes that a trained model runs, by their full names; empty for what is no model of Rasa's."""
    try:
        with tarfile.open(model) as archive:
            member = next(one for one in archive if one.name.removeprefix("./") == "metadata.json")
            content = archive.extractfile(member)
            nodes = json.load(content)["predict_schema"]["nodes"] if content else {}
    except (OSError, tarfile.TarError, StopIteration, ValueError, KeyError):
        return []
    return [node["uses"] for node in nodes.values()]


def names_of(config: Path) -> list[str]:
    """The components that a configuration names; empty for what is no configuration."""
    from ruamel.yaml import YAML, YAMLError

    try:
        content = YAML(typ="safe").load(config)
        return [str(one["name"]) for part in ("pipeline", "policies") for one in content[part]]
    except (OSError, YAMLError, TypeError, KeyError):
        return []


def is_needless(components: Iterable[str]) -> bool:
    """Whether all of them are known to work without TensorFlow."""
    names = list(components)
    return bool(names) and all(name in NEED_NONE or name.startswith(OURS) for name in names)


def leave_out(kept: frozenset[str] = frozenset()) -> None:
    """From now on `import tensorflow` gives stand-ins, and so it is with all that is absent, but for what is `kept`.

    Nothing happens where the real one is loaded already.
    """
    if "tensorflow" not in sys.modules and not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder(ABSENT - kept))


class _StandIn(type):
    """A class to derive from, annotate with and decorate with; every attribute is another one."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _StandIn(name, (), {"__init__": _missing})


def _missing(self: object, *args: Any, **kwargs: Any) -> None:
    """Decorators are called while Rasa's modules load; what they decorate is never used."""


class _Module(ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _StandIn(name, (), {"__init__": _missing})


class _Finder(MetaPathFinder, Loader):
    def __init__(self, absent: frozenset[str]) -> None:
        self._absent = absent

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Any module of an absent package is a package of stand-ins, unless the package was loaded before."""
        package = fullname.partition(".")[0]
        is_ours = package in self._absent and isinstance(sys.modules.get(package, _Module(package)), _Module)
        return ModuleSpec(fullname, self, is_package=True) if is_ours else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """A stand-in has no code."""
