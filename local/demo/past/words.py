"""Names of people and things in the market's past."""

from __future__ import annotations

FIRST = {
    "ru": ("Алина", "Борис", "Вера", "Глеб", "Дарья", "Егор", "Жанна", "Иван", "Кира", "Лев", "Мила", "Нина", "Олег",
           "Полина", "Роман", "Света", "Тимофей", "Ульяна", "Фёдор", "Юлия", "Яна"),
    "en": ("Ada", "Ben", "Clara", "Dan", "Ella", "Finn", "Grace", "Hugo", "Iris", "Jack", "Kate", "Leo", "Mia", "Nora",
           "Owen", "Paul", "Ruth", "Sam", "Tess", "Vera", "Will"),
}  # fmt: skip
LAST = {
    "ru": ("Белых", "Ветров", "Громов", "Дёмин", "Ерохин", "Жук", "Зимин", "Котова", "Лунин", "Мороз", "Носик",
           "Орлик", "Пашин", "Рубан", "Снегирь", "Тихий", "Усик", "Фомин", "Чайка", "Шубин"),
    "en": ("Abbott", "Baker", "Carter", "Dale", "Ellis", "Frost", "Gray", "Hill", "Irwin", "Jones", "King", "Lane",
           "Moss", "North", "Olsen", "Price", "Quinn", "Reed", "Stone", "Wells"),
}  # fmt: skip
THINGS = {
    "art": (("Акварель «{}»", "Watercolour: {}"), ("Скетчбук «{}»", "Sketchbook: {}")),
    "music": (("Минус «{}»", "Backing track: {}"), ("Набор сэмплов «{}»", "Sample pack: {}")),
    "games": (("Ключ к игре «{}»", "Game key: {}"), ("Модель для настолки «{}»", "Tabletop model: {}")),
    "books": (("Аудиокнига «{}»", "Audiobook: {}"), ("Сборник «{}»", "Short stories: {}")),
    "collectibles": (("Открытка «{}»", "Postcard: {}"), ("Значок «{}»", "Pin: {}")),
    "services": (("Консультация «{}»", "One hour with me: {}"), ("Урок «{}»", "Lesson: {}")),
    "electronics": (("Прошивка «{}»", "Firmware: {}"), ("Схема «{}»", "Schematic: {}")),
    "clothes": (("Выкройка «{}»", "Sewing pattern: {}"), ("Схема вязания «{}»", "Knitting chart: {}")),
}
"""By category: what is sold, in Russian and English, around a motif."""
MOTIFS = {
    "ru": ("Северный ветер", "Тихая гавань", "Рыжий кот", "Снег в апреле", "Старый трамвай", "Утро на даче", "Маяк",
           "Медведь и луна", "Яблочный сад", "Вечерний чай", "Река", "Соль и мёд", "Лесная почта", "Синий дом"),
    "en": ("North wind", "Quiet harbour", "The red cat", "Snow in April", "The old tram", "Summer house", "Lighthouse",
           "Bear and moon", "Apple orchard", "Evening tea", "The river", "Salt and honey", "Forest mail", "Blue house"),
}  # fmt: skip
TEXT = {
    "ru": "Из моей мастерской. Файлы пришлю сразу после оплаты, отвечу на вопросы.",
    "en": "From my own workshop. You get the files right away, and an answer to every question.",
}
DELIVERY = {
    "ru": "Ссылка на файлы: https://files.example/past. Спасибо.",
    "en": "Your files: https://files.example/past. Thank you.",
}
GRIEF = {
    "ru": "Файл не открывается, продавец молчит второй день.",
    "en": "The file does not open, and the seller has been silent for two days.",
}
