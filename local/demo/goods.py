"""What can be touched: lots of the demo for the money that bills bring in. Amounts in hundredths."""

from __future__ import annotations

from local.demo.lot import DAY, HOUR, MINUTE, DemoLot

GOODS = (
    DemoLot(
        "record_player",
        "olga",
        "Проигрыватель «Юность-301», 1968 год",
        "Рабочий: заменил пассик и иглу, играет на 33, 45 и 78 оборотах. Корпус в царапинах, крышка целая.\n\n"
        "Отправлю любой транспортной компанией, упакую в два слоя картона.",
        "electronics",
        150_000,
        5 * HOUR + 20 * MINUTE,
        ago=28 * HOUR,
        bids=(("maxim", 180_000), ("emma", 220_000), ("maxim", 345_050)),
        is_physical=True,
    ),
    DemoLot(
        "samovar",
        "anna",
        "Самовар угольный, Тула, три литра",
        "Латунь, с заварочным чайником и подносом. Не течёт: чинил мастер, чек приложу.\n\n"
        "Вес пять килограммов. Забрать можно и лично, в Казани.",
        "home",
        400_000,
        2 * DAY + 3 * HOUR,
        ago=12 * HOUR,
        bids=(("timur", 420_000), ("sofia", 450_000)),
        terms={"reserve_price": 600_000, "buy_now_price": 1_200_000},
        is_physical=True,
    ),
    DemoLot(
        "film_camera",
        "sofia",
        "Film camera with a 50 mm f/1.8 lens",
        "Shutter speeds checked, light meter within a third of a stop, new seals. Two rolls of film come along.\n\n"
        "Sent insured, with a tracking number.",
        "collectibles",
        900_000,
        10 * HOUR,
        ago=4 * HOUR,
        terms={"type": "dutch", "floor_price": 450_000, "drop_amount": 15_000, "drop_seconds": 1200},
        is_physical=True,
    ),
)
