"""Drawings of things one can touch."""

from __future__ import annotations

import math

from local.demo.canvas import Canvas


def record_player() -> Canvas:
    art = Canvas("#dfd3c3", "#a98f74")
    art.glow(200, 262, 150, 14, "#4a372a", 150)
    art.box(64, 92, 272, 156, "#6b3f2a", 10)
    art.box(64, 92, 272, 20, "#87543a", 10)
    art.box(78, 106, 244, 130, "#e9e0cf", 6)
    art.dot(172, 170, 60, "#1b1b20")
    for radius in (54, 46, 38, 30):
        art.ring(172, 170, radius, 1.2, "#33333c")
    art.dot(172, 170, 19, "#d9543f")
    art.dot(172, 170, 3, "#f3ead8")
    art.arc(172, 170, 50, 300, 335, 3, (255, 255, 255, 60))
    art.dot(284, 128, 13, "#8d8577")
    art.dot(284, 128, 7, "#4b463d")
    art.line([(284, 128), (276, 186), (222, 192)], 4.5, "#b9b2a3")
    art.box(210, 186, 18, 12, "#3a352e", 3)
    for y, colour in ((206, "#c9563f"), (224, "#4b463d")):
        art.dot(300, y, 6, colour)
    art.line([(252, 216), (282, 216)], 3, "#8d8577")
    return art


def samovar() -> Canvas:
    art = Canvas("#7a1f2b", "#3f1118")
    art.glow(200, 140, 150, 110, "#b94a3f", 120)
    art.box(0, 250, 400, 50, "#f1e4cf")
    for x in range(0, 400, 20):
        art.shape([(x, 250), (x + 10, 264), (x + 20, 250)], "#c8343a")
    art.oval(200, 254, 62, 9, "#6f4a17")
    art.box(166, 226, 68, 26, "#c08a2e", 6)
    art.shape([(142, 112), (258, 112), (240, 222), (160, 222)], "#d9a441")
    art.oval(200, 112, 58, 15, "#e8bb5e")
    art.shape([(156, 120), (178, 120), (182, 216), (168, 216)], "#f3d48c")
    art.box(182, 64, 36, 44, "#c9922f", 4)
    art.oval(200, 64, 26, 7, "#e8bb5e")
    art.shape([(170, 60), (230, 60), (216, 34), (184, 34)], "#4d7a8c")
    art.oval(200, 34, 16, 5, "#6b9aac")
    art.line([(230, 48), (252, 40)], 5, "#4d7a8c")
    art.arc(172, 46, 13, 90, 270, 4, "#3c6272")
    for side in (-1, 1):
        art.arc(200 + side * 66, 150, 18, 90 if side < 0 else 270, 270 if side < 0 else 450, 6, "#a9741f")
    art.line([(200, 204), (200, 226)], 8, "#b17f27")
    art.dot(200, 200, 7, "#8a5f19")
    art.box(294, 224, 44, 26, "#f7f3ea", 10)
    art.arc(340, 236, 9, 270, 450, 3, "#f7f3ea")
    art.oval(316, 225, 20, 4, "#8a3b1e")
    for step in range(3):
        art.arc(306 + step * 10, 208 - step * 4, 6, 90, 250, 2, (255, 255, 255, 110))
    return art


def film_camera() -> Canvas:
    art = Canvas("#c9d6d2", "#8aa39c")
    art.glow(200, 252, 140, 13, "#3f524c", 150)
    art.box(82, 104, 236, 136, "#2b2d31", 14)
    art.box(82, 104, 236, 34, "#c6c9cc", 12)
    art.box(82, 126, 236, 12, "#c6c9cc")
    art.shape([(158, 104), (242, 104), (230, 74), (170, 74)], "#b5b9bd")
    art.box(186, 82, 28, 14, "#31465a", 3)
    for x, size in ((112, 15), (286, 12)):
        art.box(x - size, 92, size * 2, 13, "#9da2a6", 3)
    art.box(246, 96, 16, 9, "#d7dadc", 3)
    for row in range(9):
        for column in range(22):
            art.dot(92 + column * 10.2, 148 + row * 10, 1.3, "#3b3e43")
    art.dot(200, 178, 58, "#1d1f22")
    for radius, colour in ((52, "#4b4f55"), (42, "#15171a"), (36, "#2c3a55"), (24, "#1a2440")):
        art.dot(200, 178, radius, colour)
    for step in range(24):
        turn = step * math.tau / 24
        art.line([(200 + radius * math.cos(turn), 178 + radius * math.sin(turn)) for radius in (47, 51)], 2, "#c6c9cc")
    art.dot(188, 164, 9, (255, 255, 255, 120))
    art.dot(212, 194, 5, (255, 255, 255, 60))
    art.box(92, 214, 34, 16, "#b8463b", 3)
    return art
