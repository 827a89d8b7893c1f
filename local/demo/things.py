"""Drawings of things."""

from __future__ import annotations

import math
import random
from itertools import pairwise

from local.demo.canvas import Canvas, Point, blob


def island_map() -> Canvas:
    art, chance = Canvas("#e9d8b0", "#d3b985"), random.Random(8)
    art.box(18, 18, 364, 264, "#8a6b3d", 4)
    art.box(20, 20, 360, 260, "#cfe0d6", 3)
    for spread, colour in ((1.12, "#b5d1c8"), (1.0, "#e8d59f"), (0.86, "#b9c486"), (0.45, "#93a86a")):
        art.shape(blob(200, 152, 128 * spread, 88 * spread), colour)
    for x, y in ((178, 138), (196, 124), (214, 140), (232, 126)):
        art.shape([(x - 13, y + 15), (x, y - 12), (x + 13, y + 15)], "#7b7565")
        art.shape([(x - 5, y - 2), (x, y - 12), (x + 5, y - 2)], "#f5f1e6")
    for _ in range(26):
        art.dot(130 + chance.random() * 70, 165 + chance.random() * 34, 4.2, "#5f7d4e")
    trail = [(110, 176), (136, 190), (168, 196), (200, 182), (228, 188), (256, 168), (270, 140)]
    for (x, y), (to_x, to_y) in pairwise(trail):
        for part in (0.1, 0.4, 0.7):
            art.dot(x + (to_x - x) * part, y + (to_y - y) * part, 2.2, "#8d3b2e")
    art.line([(265, 133), (277, 145)], 4, "#b3261e")
    art.line([(277, 133), (265, 145)], 4, "#b3261e")
    art.ring(340, 74, 22, 1.5, "#6b5630")
    for angle in range(0, 360, 90):
        art.shape(_needle(340, 74, angle, 27, 5), "#6b5630" if angle else "#b3261e")
    return art


def audiobook() -> Canvas:
    art = Canvas("#dfe7ef", "#9fb6c9")
    art.glow(200, 252, 120, 12, "#4b6173", 130)
    art.shape([(110, 92), (196, 76), (196, 240), (110, 252)], "#274b69")
    art.shape([(290, 92), (204, 76), (204, 240), (290, 252)], "#2f5b80")
    art.shape([(118, 98), (196, 84), (196, 234), (118, 244)], "#f7f3e8")
    art.shape([(282, 98), (204, 84), (204, 234), (282, 244)], "#fffaf0")
    for row in range(8):
        y = 112 + row * 15
        art.line([(128, y + 4), (186, y - 6)], 2, "#c6c1b2")
        art.line([(214, y - 6), (272 - (row % 3) * 10, y + 4 - (row % 3))], 2, "#c6c1b2")
    art.arc(200, 118, 92, 200, 340, 9, "#e2725b")
    art.box(98, 96, 22, 46, "#c75a45", 9)
    art.box(280, 96, 22, 46, "#c75a45", 9)
    for number, height in enumerate((14, 30, 20, 38, 24, 12)):
        art.line([(334 + number * 9, 160 - height / 2), (334 + number * 9, 160 + height / 2)], 4, "#ffffff")
        art.line([(66 - number * 9, 160 - height / 2), (66 - number * 9, 160 + height / 2)], 4, "#ffffff")
    return art


def sweater() -> Canvas:
    art = Canvas("#f3e6dc", "#dcbfae")
    art.glow(200, 262, 110, 10, "#7d5d4d", 110)
    art.shape([(146, 62), (254, 62), (306, 92), (342, 206), (304, 220), (278, 150), (278, 254), (122, 254),
               (122, 150), (96, 220), (58, 206), (94, 92)], "#2f5d62")  # fmt: skip
    art.slice(200, 60, 32, 0, 180, "#e9d5c8")
    art.arc(200, 60, 34, 0, 180, 7, "#244a4e")
    art.box(122, 240, 156, 16, "#244a4e", 3)
    for offset, colour in ((110, "#f2e9dc"), (140, "#e4a15a"), (170, "#f2e9dc")):
        for number in range(13):
            x = 128 + number * 12
            art.shape([(x, offset), (x + 6, offset - 9), (x + 12, offset), (x + 6, offset + 9)], colour)
    for number in range(11):
        x = 134 + number * 13
        art.line([(x, 200), (x + 5, 208), (x + 10, 200)], 2.4, "#e8f0ea")
        art.line([(x, 214), (x + 5, 222), (x + 10, 214)], 2.4, "#e8f0ea")
    return art


def postcard() -> Canvas:
    art = Canvas("#26344f", "#4a5d80")
    art.glow(206, 158, 150, 104, "#0e1626", 150)
    art.box(58, 52, 284, 196, "#fbf7ec", 3)
    art.box(70, 64, 260, 172, "#f6c177")
    art.dot(262, 116, 26, "#fff1cf")
    art.shape([(70, 190), (122, 124), (160, 168), (206, 104), (268, 178), (330, 146), (330, 236), (70, 236)], "#d9705f")
    art.shape([(70, 214), (130, 174), (188, 206), (250, 168), (330, 204), (330, 236), (70, 236)], "#8b3f5c")
    art.shape([(70, 226), (150, 204), (240, 222), (330, 198), (330, 236), (70, 236)], "#4c2a4f")
    for x in range(58, 342, 12):
        art.dot(x + 6, 52, 3.4, "#33435f")
        art.dot(x + 6, 248, 3.4, "#46587a")
    art.box(268, 200, 54, 26, "#fbf7ec", 13)
    art.text(295, 213, 15, "7 / 50", "#4c2a4f")
    return art


def pocket_synth() -> Canvas:
    art = Canvas("#e8e4f3", "#b8aedb")
    art.glow(200, 246, 130, 14, "#5e5489", 150)
    art.box(72, 78, 256, 164, "#f6f3ec", 16)
    art.box(72, 222, 256, 20, "#d9d3c4", 10)
    art.box(88, 94, 104, 44, "#24324a", 5)
    wave = [(94 + step * 2, 116 + 13 * math.sin(step / 3.2) * math.cos(step / 14)) for step in range(47)]
    art.line(wave, 2, "#7ef0c5")
    for number, colour in enumerate(("#f0625d", "#f2a541", "#4fb286", "#4d8fe0")):
        x = 216 + number * 28
        art.dot(x, 116, 11, "#3a3f4b")
        art.line([(x, 116), (x + 7 * math.cos(number), 116 - 7 * math.sin(number + 1))], 2.6, colour)
    for number in range(12):
        art.box(88 + number * 19, 154, 17, 62, "#ffffff" if number % 5 else "#ffe3a3", 3)
    for number in (0, 1, 3, 4, 5, 7, 8, 10):
        art.box(100 + number * 19, 154, 11, 36, "#2b2f3a", 2)
    return art


def cassette() -> Canvas:
    art = Canvas("#f7c59f", "#e4837a")
    art.glow(204, 226, 140, 16, "#8d3f4b", 140)
    art.box(70, 74, 260, 160, "#3b3355", 14)
    art.box(86, 88, 228, 100, "#fdf3e1", 8)
    for number, colour in enumerate(("#f2a65a", "#ee6c5b", "#8f4e8b", "#4a6fa5")):
        art.box(86, 136 + number * 9, 228, 9, colour)
    art.line([(102, 106), (206, 106)], 2.6, "#b9ac97")
    art.line([(102, 120), (176, 120)], 2.6, "#b9ac97")
    art.box(128, 134, 144, 44, "#2a2440", 22)
    for x in (152, 248):
        art.dot(x, 156, 17, "#fdf3e1")
        for step in range(6):
            angle = step * math.pi / 3
            art.dot(x + 11 * math.cos(angle), 156 + 11 * math.sin(angle), 3, "#2a2440")
        art.dot(x, 156, 5, "#2a2440")
    art.box(182, 144, 36, 24, "#7b6ea0", 3)
    art.shape([(126, 234), (140, 202), (260, 202), (274, 234)], "#2a2440")
    for x in (158, 200, 242):
        art.dot(x, 220, 5, "#5a5080")
    return art


def sheet_music() -> Canvas:
    art = Canvas("#eef1ee", "#c9d3cd")
    art.glow(200, 170, 130, 90, "#7d8b84", 120)
    art.box(84, 34, 232, 176, "#fffdf6", 3)
    for staff in (66, 124):
        for number in range(5):
            art.line([(100, staff + number * 8), (300, staff + number * 8)], 1, "#5b5b5b")
        for x in (100, 168, 236, 300):
            art.line([(x, staff), (x, staff + 32)], 1.4, "#5b5b5b")
    notes = ((116, 90), (134, 82), (152, 74), (184, 86), (202, 78), (220, 70), (252, 82), (268, 90), (284, 74))
    for x, y in notes:
        for lower in (0, 58):
            art.oval(x, y + lower, 5.4, 4, "#20242b")
            art.line([(x + 4.6, y + lower), (x + 4.6, y + lower - 26)], 1.8, "#20242b")
    for x in (134, 202, 268):
        art.line([(x + 4.6, 56), (x + 22, 50)], 4, "#20242b")
    art.box(0, 222, 400, 78, "#1d2026")
    for number in range(14):
        art.box(2 + number * 28.6, 228, 27, 72, "#fdfcf8", 3)
    for number in (0, 1, 3, 4, 5, 7, 8, 10, 11, 12):
        art.box(21 + number * 28.6, 226, 17, 42, "#15171b", 2)
    return art


def typeface() -> Canvas:
    art = Canvas("#ff6f59", "#f2545b")
    art.box(0, 0, 134, 300, "#254441")
    art.box(134, 206, 266, 94, "#43aa8b")
    art.dot(352, 52, 28, "#efc94c")
    art.text(250, 116, 150, "Aa", "#fff8ec")
    art.text(67, 78, 62, "R", "#fff8ec")
    art.text(67, 158, 62, "g", "#efc94c")
    art.text(67, 238, 62, "&", "#ff6f59")
    art.text(266, 240, 25, "Harbour Grotesk", "#fff8ec")
    art.text(266, 270, 16, "0123456789", "#254441")
    return art


def cat_sticker() -> Canvas:
    art = Canvas("#ffe7a8", "#ffc6a5")
    for x, y, size, colour in (
        (66, 66, 11, "#ff8d7a"),
        (338, 84, 8, "#6fb3d9"),
        (56, 214, 7, "#79b791"),
        (346, 206, 12, "#ff8d7a"),
    ):
        art.shape(blob(x, y, size, size), colour)
    for grow, white in ((9, True), (0, False)):
        fur = "#ffffff" if white else "#5a5f73"
        art.shape([(130 - grow, 128), (136 - grow, 54 - grow), (188, 88)], fur)
        art.shape([(270 + grow, 128), (264 + grow, 54 - grow), (212, 88)], fur)
        art.oval(200, 142, 80 + grow, 66 + grow, fur)
        art.box(118 - grow, 190 - grow, 164 + 2 * grow, 74 + 2 * grow, "#ffffff" if white else "#d7dbe6", 8 + grow / 2)
    art.shape([(144, 108), (146, 76), (168, 92)], "#f3a6a6")
    art.shape([(256, 108), (254, 76), (232, 92)], "#f3a6a6")
    for x in (168, 232):
        art.ring(x, 138, 22, 4, "#23262f")
        art.dot(x, 138, 19, (255, 255, 255, 210))
        art.oval(x + 2, 140, 7, 10, "#23262f")
        art.dot(x + 5, 135, 2.6, "#ffffff")
    art.line([(190, 138), (210, 138)], 4, "#23262f")
    art.shape([(193, 160), (207, 160), (200, 168)], "#f3a6a6")
    art.arc(193, 168, 7, 0, 160, 2.4, "#23262f")
    art.arc(207, 168, 7, 20, 180, 2.4, "#23262f")
    art.box(122, 194, 156, 66, "#aeb5c6", 6)
    art.text(200, 226, 30, "{ }", "#ffffff")
    art.box(108, 258, 184, 10, "#8a92a6", 5)
    return art


def _needle(x: float, y: float, degrees: float, length: float, width: float) -> list[Point]:
    turn = math.radians(degrees - 90)
    cos, sin = math.cos(turn), math.sin(turn)
    return [
        (x + length * cos, y + length * sin),
        (x - width * sin, y + width * cos),
        (x + width * sin, y - width * cos),
    ]
