"""Which alarm of template.yaml hears of which fault, and when: `python -m scripts.alarms`.

`evaluation` is CloudWatch's rule for an alarm, `template` reads the alarms and the times that the template sets,
`timelines` makes metrics as AWS would report them, `faults` lists what can break and `calm` what any day brings, as
`stories` that fill timelines, and `hearing` puts it together.
"""
