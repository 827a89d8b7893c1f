from scripts.alarms.hearing import all_hearings, table
from scripts.alarms.template import read_template

if __name__ == "__main__":
    print(table(all_hearings(read_template())))
