"""Small signs in the colours of the theme: a bell, and shapes that differ without colour."""

from math import cos, pi, sin

from PyQt5.QtCore import QPointF, QRectF, Qt
from PyQt5.QtGui import QColor, QFont, QIcon, QPainter, QPainterPath, QPixmap, QPolygonF

SIZE_PX = 16
DENSITY = 2
"""Pixels of a sign for each pixel of an ordinary screen."""


def sign(corners: int, letter: str, ground: str, ink: str) -> QPixmap:
    """``letter`` on a polygon with so many ``corners``, one of them at the top; on a disc if there are none."""
    pixmap, painter = _canvas()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(ground))
    room = QRectF(0.5, 0.5, SIZE_PX - 1, SIZE_PX - 1)
    centre, lower = room.center(), 0.15 * SIZE_PX if corners == 3 else 0.0
    if corners:
        turn = -pi / 2 if corners == 3 else pi / corners
        painter.drawPolygon(
            QPolygonF(
                centre + QPointF(cos(turn + 2 * pi * k / corners), sin(turn + 2 * pi * k / corners)) * (SIZE_PX / 2)
                for k in range(corners)
            )
        )
    else:
        painter.drawEllipse(room)
    font = QFont()
    font.setPixelSize(round(0.62 * SIZE_PX))
    font.setBold(True)
    painter.setFont(font)
    painter.setPen(QColor(ink))
    painter.drawText(room.translated(0, lower / 2), int(Qt.AlignmentFlag.AlignCenter), letter)
    painter.end()
    return pixmap


def bell(colour: str) -> QIcon:
    """A bell."""
    pixmap, painter = _canvas()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    body = QPainterPath(QPointF(2, 12))
    body.cubicTo(5, 10, 3, 3, 8, 2)
    body.cubicTo(13, 3, 11, 10, 14, 12)
    body.closeSubpath()
    painter.drawPath(body)
    painter.drawEllipse(QPointF(8, 13), 1.8, 1.8)
    painter.drawEllipse(QPointF(8, 2), 1.2, 1.2)
    painter.end()
    return QIcon(pixmap)


def _canvas() -> tuple[QPixmap, QPainter]:
    pixmap = QPixmap(SIZE_PX * DENSITY, SIZE_PX * DENSITY)
    pixmap.setDevicePixelRatio(DENSITY)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    return pixmap, painter
