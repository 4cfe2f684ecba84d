"""Writes small tabular data sets as CSV folders, from the Python packages that ship them.

Usage: python scripts/tabular-data.py FOLDER

Makes FOLDER/<name>/<name>.csv with a header; the column to predict is `target` in each, so that one
configuration fits all of them but for the columns of categories and the missing values that a set has:

    data: { path: FOLDER/iris, csv: { target: target, test: { fraction: 0.2 } } }

| name          | rows | predicts                        | categories    | missing | package        |
| ------------- | ---- | ------------------------------- | ------------- | ------- | -------------- |
| iris          |  150 | one of 3 species                |               |         | scikit-learn   |
| wine          |  178 | one of 3 growers                |               |         | scikit-learn   |
| breast-cancer |  569 | malignant or benign             |               |         | scikit-learn   |
| digits        | 1797 | one of 10 digits, of 8x8 pixels |               |         | scikit-learn   |
| penguins      |  344 | one of 3 species                | island, sex   | yes     | palmerpenguins |
| cars          |  406 | one of 3 regions                |               | yes     | vega_datasets  |
| weather       | 1461 | one of 5 kinds of weather       |               |         | vega_datasets  |
| diabetes      |  442 | progression, a number           |               |         | scikit-learn   |

Needs: pip install scikit-learn, and pip install --no-deps palmerpenguins vega_datasets (only their files
are read). A set whose package is not installed is left out, and named.
"""

import csv
import json
import sys
from importlib.util import find_spec
from pathlib import Path


def from_scikit_learn(load, has_classes=True):
    import sklearn.datasets

    data = getattr(sklearn.datasets, load)()
    names = [str(name).replace(" ", "_") for name in data.feature_names]
    # Classes of digits are numbers, which need a word to be classes.
    def label(value):
        return f"class_{value}" if load == "load_digits" else str(data.target_names[value])

    target = [label(value) for value in data.target] if has_classes else data.target.tolist()
    rows = ([*map(float, row), of] for row, of in zip(data.data, target))
    return [*names, "target"], rows


def package_file(package, path):
    spec = find_spec(package)
    if spec is None:
        raise ModuleNotFoundError(f"No module named '{package}'")
    return Path(next(iter(spec.submodule_search_locations))) / path


def from_table(records, target, features):
    rows = ([record[name] for name in features] + [record[target]] for record in records)
    return [*features, "target"], rows


def penguins():
    with package_file("palmerpenguins", "data/penguins.csv").open() as file:
        records = list(csv.DictReader(file))
    features = ["island", "bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g", "sex"]
    return from_table(records, "species", features)


def cars():
    records = json.loads(package_file("vega_datasets", "_data/cars.json").read_text())
    features = ["Miles_per_Gallon", "Cylinders", "Displacement", "Horsepower", "Weight_in_lbs", "Acceleration"]
    return from_table(records, "Origin", features)


def weather():
    with package_file("vega_datasets", "_data/seattle-weather.csv").open() as file:
        records = list(csv.DictReader(file))
    return from_table(records, "weather", ["precipitation", "temp_max", "temp_min", "wind"])


data_sets = {
    "iris": lambda: from_scikit_learn("load_iris"),
    "wine": lambda: from_scikit_learn("load_wine"),
    "breast-cancer": lambda: from_scikit_learn("load_breast_cancer"),
    "digits": lambda: from_scikit_learn("load_digits"),
    "penguins": penguins,
    "cars": cars,
    "weather": weather,
    "diabetes": lambda: from_scikit_learn("load_diabetes", has_classes=False),
}


def main():
    if len(sys.argv) != 2:
        raise SystemExit("usage: tabular-data.py FOLDER")
    left_out = []
    for name, load in data_sets.items():
        try:
            header, rows = load()
        except ModuleNotFoundError as missing:
            left_out.append(f"{name}: {missing}")
            continue
        folder = Path(sys.argv[1]) / name
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / f"{name}.csv").open("w", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(rows)
        print(folder)
    for line in left_out:
        print(f"left out {line}", file=sys.stderr)
    return 1 if left_out else 0


if __name__ == "__main__":
    sys.exit(main())
