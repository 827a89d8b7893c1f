"""Drawings of places."""

from __future__ import annotations

import math
import random

from local.demo.canvas import Canvas, Point


def rainy_city() -> Canvas:
    art, chance = Canvas("#3b4a6b", "#c98b86"), random.Random(3)
    for x, top, width, colour in (
        (0, 120, 62, "#2f3c5c"),
        (58, 84, 54, "#28344f"),
        (118, 140, 70, "#323f60"),
        (184, 70, 58, "#242f49"),
        (238, 118, 66, "#2d3a59"),
        (300, 92, 52, "#27334e"),
        (348, 134, 52, "#313e5f"),
    ):
        art.box(x, top, width, 260 - top, colour)
        for row in range(int((236 - top) / 18)):
            for column in range(int(width / 14) - 1):
                if chance.random() < 0.45:
                    art.box(x + 9 + column * 14, top + 12 + row * 18, 7, 9, chance.choice(["#ffd98a", "#f7bf6b"]))
    art.box(0, 246, 400, 54, "#1e2840")
    for x in range(6, 400, 26):
        art.oval(x, 262 + chance.random() * 26, 14, 1.6, (255, 214, 150, 40))
    art.line([(200, 150), (200, 252)], 3, "#f3efe6")
    art.arc(206, 252, 6, 0, 180, 3, "#f3efe6")
    art.slice(200, 178, 62, 180, 360, "#d94f45")
    for x in (158, 200, 242):
        art.slice(x, 178, 21, 180, 360, "#b83c37")
    for _ in range(150):
        drop, fall = chance.random() * 420, chance.random() * 300
        art.line([(drop, fall), (drop - 4, fall + 15)], 0.8, (225, 235, 255, 95))
    return art


def misty_lake() -> Canvas:
    art = Canvas("#f6d6c1", "#a9c3d4")
    art.glow(262, 96, 70, 70, "#fff3e0", 190)
    art.dot(262, 96, 24, "#fff8ee")
    layers = (
        (118, 26, 61, "#b7b6c9"),
        (142, 30, 47, "#949bb8"),
        (164, 22, 35, "#6f7fa1"),
        (186, 16, 28, "#4d6285"),
    )
    for number, (level, height, period, colour) in enumerate(layers):
        ridge: list[Point] = [
            (x, level - height * abs(math.sin(x / period + number * 1.7)) - 5 * math.sin(x / 9 + number))
            for x in range(0, 404, 4)
        ]
        art.shape([(0, 300), *ridge, (400, 300)], colour)
        art.glow(200, level + 26, 260, 12, "#f3ebe6", 90)
    art.box(0, 206, 400, 94, "#8fb0c4")
    for number in range(18):
        y = 212 + number * 5
        art.oval(262 + 14 * math.sin(number * 1.7), y, 34 - number, 1.4, (255, 246, 232, 120))
    art.shape([(84, 246), (164, 246), (150, 260), (98, 260)], "#3c2f2f")
    art.line([(124, 246), (124, 214)], 2.4, "#3c2f2f")
    art.dot(124, 212, 5, "#3c2f2f")
    art.line([(112, 228), (150, 256)], 2, "#3c2f2f")
    return art


def telescope() -> Canvas:
    art, chance = Canvas("#0b1030", "#3a2a5e"), random.Random(11)
    art.glow(250, 90, 150, 34, "#6f5aa8", 90)
    for _ in range(190):
        art.dot(chance.random() * 400, chance.random() * 240, 0.4 + chance.random() * 1.1, "#f4f1ff")
    art.dot(318, 64, 24, "#f5e4b7")
    art.oval(318, 64, 44, 7, (226, 190, 130, 170))
    art.slice(318, 64, 24, 180, 360, "#f5e4b7")
    art.line([(40, 44), (96, 78)], 1.6, "#ffffff")
    art.shape([(0, 300), (0, 252), (120, 226), (240, 246), (400, 222), (400, 300)], "#0c0d1c")
    art.line([(160, 170), (128, 256)], 6, "#2c2440")
    art.line([(160, 170), (192, 256)], 6, "#2c2440")
    art.line([(160, 170), (160, 260)], 6, "#3a3054")
    art.shape([(112, 182), (122, 204), (232, 152), (220, 128)], "#e7e2f5")
    art.shape([(218, 126), (234, 156), (256, 146), (242, 116)], "#c65d4f")
    art.shape([(96, 192), (104, 210), (122, 202), (114, 184)], "#3c3358")
    art.dot(160, 172, 8, "#c65d4f")
    return art


def desk_lamp() -> Canvas:
    art = Canvas("#20303f", "#38506a")
    art.glow(238, 210, 120, 46, "#ffd27a", 150)
    art.shape([(196, 128), (270, 112), (350, 250), (150, 250)], (255, 221, 140, 70))
    art.box(0, 250, 400, 50, "#5b3f2c")
    art.box(0, 250, 400, 5, "#7a563b")
    art.oval(120, 250, 56, 11, "#b98a3e")
    art.oval(120, 245, 52, 10, "#dcae5b")
    art.line([(120, 244), (96, 156), (196, 92)], 8, "#dcae5b")
    art.dot(96, 156, 9, "#a97b31")
    art.shape([(188, 72), (218, 66), (278, 108), (188, 132)], "#2f8f83")
    art.shape([(188, 122), (277, 104), (280, 110), (190, 134)], "#1f6a61")
    art.dot(234, 122, 12, "#fff3cf")
    art.box(248, 232, 74, 9, "#d8514a", 2)
    art.box(254, 222, 62, 10, "#efe2c8", 2)
    art.box(244, 241, 82, 9, "#3f73b5", 2)
    return art


def chess_lesson() -> Canvas:
    art = Canvas("#33413a", "#1f2a25")
    for row in range(4):
        for column in range(9):
            near, far = 300 - row * 26, 300 - (row + 1) * 26
            left, right = (column - 4.5) * (52 - row * 6), (column - 3.5) * (52 - row * 6)
            far_left, far_right = (column - 4.5) * (46 - row * 6), (column - 3.5) * (46 - row * 6)
            colour = "#e6d5b3" if (row + column) % 2 else "#8a6242"
            art.shape([(200 + left, near), (200 + right, near), (200 + far_right, far), (200 + far_left, far)], colour)
    _pawn(art, 106, 250, "#2a2522", "#4a413b")
    _pawn(art, 300, 244, "#2a2522", "#4a413b")
    art.glow(202, 262, 52, 9, "#0f1512", 160)
    art.oval(200, 258, 46, 11, "#d9c49a")
    art.shape([(164, 254), (236, 254), (220, 220), (180, 220)], "#f4e7c9")
    art.shape([(182, 222), (218, 222), (210, 120), (190, 120)], "#f4e7c9")
    art.shape([(172, 122), (228, 122), (238, 78), (162, 78)], "#fff4da")
    art.oval(200, 78, 38, 9, "#e9d7ae")
    art.box(194, 38, 12, 38, "#fff4da", 3)
    art.box(182, 48, 36, 11, "#fff4da", 3)
    art.shape([(204, 222), (218, 222), (210, 120), (204, 120)], "#dcc79b")
    return art


def tea_shop() -> Canvas:
    art, chance = Canvas("#7ec4cf", "#f7e1b5"), random.Random(5)
    for x in range(0, 400, 20):
        art.box(x, 240, 20, 20, "#6aa05a" if x % 40 else "#74ad62")
        art.box(x, 260, 20, 40, "#a7734b" if x % 40 else "#9c6a44")
        if chance.random() < 0.6:
            art.box(x + 5, 230, 5, 10, chance.choice(["#f2647c", "#ffd65c", "#ffffff"]))
    pot = (
        "......kk......",
        ".....krrk.....",
        "...kkkkkkkk...",
        "..krrwwrrrrk..",
        "kkrrwwrrrrrrkk",
        "krkrwrrrrrrrkk",
        "krkrrrrrrrrrk.",
        ".kkrrrrrrrrk..",
        "...kddddddk...",
        "....kkkkkk....",
    )
    art.pixels(116, 120, 12, pot, {"k": "#3a2434", "r": "#d8504d", "w": "#ffd9cf", "d": "#a83a44"})
    for x, y in ((150, 96), (162, 84), (150, 72), (210, 96), (198, 84), (210, 72)):
        art.box(x, y, 12, 12, (255, 255, 255, 190))
    for x, y in ((40, 50), (64, 44), (300, 36), (324, 42), (348, 36)):
        art.box(x, y, 48, 14, (255, 255, 255, 210))
    art.pixels(312, 188, 8, ("wwwww..", "wbbbwww", "wbbbw.w", "wwwwwww", ".www..."), {"w": "#fff7e6", "b": "#9b5a2e"})
    return art


def _pawn(art: Canvas, x: float, y: float, dark: str, light: str) -> None:
    art.oval(x, y + 6, 30, 7, "#161412")
    art.oval(x, y, 28, 8, dark)
    art.shape([(x - 22, y - 2), (x + 22, y - 2), (x + 10, y - 62), (x - 10, y - 62)], dark)
    art.shape([(x - 22, y - 2), (x - 12, y - 2), (x - 5, y - 62), (x - 10, y - 62)], light)
    art.oval(x, y - 62, 18, 5, light)
    art.dot(x, y - 80, 18, dark)
    art.dot(x - 5, y - 85, 6, light)
