"""What is on sale for Stars in the demo, and who has bid what."""

from __future__ import annotations

from local.demo.lot import HOUR, MINUTE, DemoLot

LOTS = (
    DemoLot(
        "cassette",
        "emma",
        "Lo-fi sample pack: 120 warm loops",
        "Drums, Rhodes, upright bass and tape noise, recorded at home on a four-track. 24-bit WAV, sorted by key and"
        " tempo (70 to 92 bpm).\n\nRoyalty-free for music and film. You get a download link.",
        "music",
        120,
        2 * MINUTE,
        bids=(("sofia", 130), ("timur", 160), ("sofia", 200)),
    ),
    DemoLot(
        "audiobook",
        "olga",
        "Аудиокнига «Северные письма», читает автор",
        "Девять рассказов о людях, которые остались жить у моря. Шесть часов, MP3 и M4B с главами.\n\n"
        "К файлам приложу рукописное посвящение — напишите, кому.",
        "books",
        50,
        12 * MINUTE,
        bids=(("timur", 60), ("anna", 75), ("timur", 90)),
    ),
    DemoLot(
        "tea_shop",
        "olga",
        "Ключ для игры «Чайная лавка»",
        "Уютная игра о маленькой чайной на краю леса. Ключ для ПК, работает в любой стране, не использован.\n\n"
        "Передам сразу после окончания торгов.",
        "games",
        40,
        45 * MINUTE,
        bids=(("timur", 55), ("maxim", 70), ("sofia", 70)),
    ),
    DemoLot(
        "rainy_city",
        "anna",
        "Набор иллюстраций «Город под дождём»",
        "Двенадцать рисунков: крыши, зонты, окна, мокрые мостовые. PNG 6000 × 4500 и исходники PSD.\n\n"
        "Лицензия для печати и сайтов, без перепродажи файлов. Авторство указывать приятно, но не обязательно.",
        "art",
        150,
        3 * HOUR,
        ago=40 * HOUR,
        bids=(("maxim", 200), ("emma", 260), ("maxim", 400), ("liam", 420)),
    ),
    DemoLot(
        "pocket_synth",
        "sofia",
        "Pocket synth: 3D files, schematic and firmware",
        "Build your own monophonic synth: printable case (STL and STEP), Gerbers of the board, parts list, and firmware"
        " with source.\n\nTwo evenings of soldering. I answer questions while you build.",
        "electronics",
        250,
        7 * HOUR,
        ago=30 * HOUR,
        bids=(("maxim", 300), ("timur", 500), ("liam", 450), ("timur", 800)),
    ),
    DemoLot(
        "desk_lamp",
        "olga",
        "Настольная лампа 1970-х: модель для печати",
        "Точная модель лампы с дачи моей бабушки, снятая с оригинала. Файлы STL, инструкция по сборке, схема проводки"
        " под цоколь E14.\n\nПечатается за ночь, поддержки не нужны.",
        "home",
        100,
        11 * HOUR,
        ago=20 * HOUR,
        bids=(("maxim", 400), ("emma", 300)),
        terms={"reserve_price": 250},
    ),
    DemoLot(
        "postcard",
        "anna",
        "Коллекционная открытка «Закат в горах», № 7 из 50",
        "Цифровая открытка из серии в пятьдесят номеров. К каждой — подписанный файл и запись в списке владельцев,"
        " который я веду с 2021 года.\n\nНомера с первого по шестой уже у коллекционеров.",
        "collectibles",
        500,
        20 * HOUR,
        ago=52 * HOUR,
        bids=(("liam", 700), ("emma", 900)),
        terms={"reserve_price": 1200, "buy_now_price": 2500},
    ),
    DemoLot(
        "sweater",
        "emma",
        "Knitting pattern: the harbour sweater",
        "A yoke sweater in sizes XS to 3XL, knitted in the round. 14 pages of PDF with charts, pictures of every step"
        " and a video for the neckline.\n\nFor people who have knitted a hat before.",
        "clothes",
        80,
        26 * HOUR,
        bids=(("sofia", 120), ("olga", 100)),
    ),
    DemoLot(
        "chess_lesson",
        "liam",
        "Chess lesson with a candidate master, 60 minutes",
        "Online, at a time that suits you. We go through three of your games, find what costs you the most points, and"
        " make a plan for a month.\n\nEnglish or German. For players from 1000 to 1900.",
        "services",
        600,
        42 * HOUR,
        bids=(("anna", 650), ("emma", 800)),
        terms={"type": "vickrey", "reserve_price": 700},
    ),
    DemoLot(
        "island_map",
        "sofia",
        "Hand-drawn map of an island that is not there",
        "Ink and watercolour, scanned at 1200 dpi: made for a novel that was never printed. You get the file and the"
        " right to name three places on it; I letter them for you.",
        "art",
        300,
        60 * HOUR,
        ago=10 * HOUR,
        terms={"buy_now_price": 1500},
    ),
    DemoLot(
        "typeface",
        "emma",
        "Typeface licence: Harbour Grotesk, 6 weights",
        "Latin and Cyrillic, true italics, tabular figures. OTF and WOFF2, a licence for five seats and one site.\n\n"
        "The last of ten licences before it goes to a foundry.",
        "other",
        900,
        72 * HOUR,
        bids=(("olga", 1000),),
    ),
    DemoLot(
        "sheet_music",
        "anna",
        "Ноты: «Вальс для пустой комнаты», фортепиано",
        "Партитура на четыре страницы, средняя сложность, и запись в авторском исполнении, чтобы слышать темп.\n\n"
        "PDF и MusicXML.",
        "music",
        600,
        9 * HOUR,
        ago=5 * HOUR,
        terms={"type": "dutch", "floor_price": 60, "drop_amount": 20, "drop_seconds": 900},
    ),
    DemoLot(
        "misty_lake",
        "anna",
        "Фотография «Туман над озером»: файл и право печати",
        "Раннее утро, сентябрь. 45 мегапикселей, TIFF. Право на один тираж до ста отпечатков любого размера.\n\n"
        "Подскажу с бумагой и профилем вашей лаборатории.",
        "art",
        200,
        120 * HOUR,
        bids=(("emma", 210), ("liam", 350), ("emma", 340)),
        terms={"type": "sealed"},
    ),
    DemoLot(
        "telescope",
        "sofia",
        "A night at the telescope, guided online",
        "Two hours live from a dark valley in the Alps: you say where to look, I point a 300 mm reflector there. You"
        " keep the pictures.\n\nUp to six people of yours may watch. If clouds come, we take the next night.",
        "services",
        1000,
        54 * HOUR,
        ago=HOUR,
        starts_in=6 * HOUR,
    ),
    DemoLot(
        "cat_sticker",
        "olga",
        "Набор стикеров «Кот-программист», 32 штуки",
        "Кот пишет код, ждёт сборку, находит ошибку и не находит ошибку. Исходники SVG и готовый набор для Telegram."
        "\n\nПродаётся один раз: больше никому.",
        "art",
        350,
        40 * HOUR,
        ago=30 * HOUR,
        terms={"buy_now_price": 900},
        bought_by="maxim",
        delivery="Архив с исходниками: https://files.example/cat-32.zip\nПароль: мяу-2026. Спасибо за покупку.",
    ),
)
