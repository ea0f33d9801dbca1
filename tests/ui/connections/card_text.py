"""What a card says, on its face and in its tooltip."""

from psf_monitor.domain.account import AccountMode
from tests.ui.window import WindowUnderTest


def card_details(ui: WindowUnderTest, mode: AccountMode) -> str:
    face = ui.window.links_panel.cards[mode].face
    assert face.content is not None
    return "\n".join([face.content.detail, face.toolTip(), face.accessibleDescription()])
