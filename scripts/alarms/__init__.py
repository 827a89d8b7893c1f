"""Which alarm of template.yaml reports which fault, and when: `python -m scripts.alarms`.

`evaluation` is CloudWatch's rule for an alarm, `template` reads the alarms and times of the template, `timelines` makes
metrics as AWS would report them, `faults` lists what can break and `calm` ordinary days, as `stories` that fill
timelines, and `hearing` combines them.
"""
