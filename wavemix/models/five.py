"""The five models: Table 1 of the paper is their only difference (`wavemix.zoo.registry.TASKS`)."""

from wavemix.models.base import MixingModule


class DrumsModule(MixingModule):
    """Ten mono drum tracks to the drum stem."""

    name = "drums"


class BassModule(MixingModule):
    """Four mono bass tracks to the bass stem."""

    name = "bass"


class VocalsModule(MixingModule):
    """Four mono vocal tracks to the vocal stem."""

    name = "vocals"


class OtherModule(MixingModule):
    """Eight mono tracks of everything else to their stem."""

    name = "other"


class MixModule(MixingModule):
    """Four stereo stems to the mix."""

    name = "mix"


MODULES: dict[str, type[MixingModule]] = {
    module.name: module for module in (DrumsModule, BassModule, VocalsModule, OtherModule, MixModule)
}
