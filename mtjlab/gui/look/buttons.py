"""Buttons drawn in the colours of the palette, so that another theme costs no more than a repaint."""

from PyQt5.QtCore import QPointF, QRectF, Qt
from PyQt5.QtGui import QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PyQt5.QtWidgets import (
    QCheckBox,
    QStyle,
    QStyleOptionButton,
    QStyleOptionToolButton,
    QStylePainter,
    QToolButton,
    QWidget,
)

from mtjlab.gui.look.qt import sure
from mtjlab.gui.look.text_size import embolden

FRAME_PX, ROUND_PX = 2.0, 3.0
HAS_MENU = QStyleOptionToolButton.ToolButtonFeature.HasMenu
TICK = ((0.22, 0.52), (0.42, 0.72), (0.78, 0.28))
"""Corners of the tick of a check box, as shares of its size."""


class MenuButton(QToolButton):
    """A tool button whose text says that it opens a menu: it has no arrow."""

    def paintEvent(self, _event: QPaintEvent | None) -> None:  # noqa: N802  Qt's name
        """Draw the button without the arrow."""
        QStylePainter(self).drawComplexControl(QStyle.ComplexControl.CC_ToolButton, self._option())

    def _option(self) -> QStyleOptionToolButton:
        option = QStyleOptionToolButton()
        self.initStyleOption(option)
        option.features &= ~QStyleOptionToolButton.ToolButtonFeatures(HAS_MENU)  # type: ignore[assignment]
        return option


class TitleButton(MenuButton):
    """A small flat button beside a title or a field, in faint letters until the pointer is over it."""

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setAutoRaise(True)

    def _option(self) -> QStyleOptionToolButton:
        option = super()._option()
        if not self.underMouse():
            letters = option.palette.color(QPalette.ColorRole.PlaceholderText)
            option.palette.setColor(QPalette.ColorRole.ButtonText, letters)
        return option


class FoldButton(MenuButton):
    """The header of a section in bold letters, flat also while it is checked."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.setText(text)
        self.setCheckable(True)
        self.setAutoRaise(True)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        embolden(self)

    def _option(self) -> QStyleOptionToolButton:
        option = super()._option()
        option.state &= ~QStyle.State(QStyle.StateFlag.State_On)  # type: ignore[assignment]
        return option


class CheckBox(QCheckBox):
    """A check box with frame and tick in the colour of its text: visible in every theme and on every ground."""

    def paintEvent(self, _event: QPaintEvent | None) -> None:  # noqa: N802  Qt's name
        """Draw frame, tick and text."""
        option, style = QStyleOptionButton(), sure(self.style())
        self.initStyleOption(option)
        painter = QStylePainter(self)
        room = QRectF(style.subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self))
        room.adjust(FRAME_PX / 2, FRAME_PX / 2, -FRAME_PX / 2, -FRAME_PX / 2)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(option.palette.color(self.foregroundRole()), FRAME_PX)
        painter.setPen(pen)
        painter.drawRoundedRect(room, ROUND_PX, ROUND_PX)
        if self.isChecked():
            painter.drawPolyline(
                QPolygonF(
                    QPointF(room.left() + across * room.width(), room.top() + down * room.height())
                    for across, down in TICK
                )
            )
        painter.restore()
        option.rect = style.subElementRect(QStyle.SubElement.SE_CheckBoxContents, option, self)
        painter.drawControl(QStyle.ControlElement.CE_CheckBoxLabel, option)
