#!/usr/bin/env bash
# A valid Code 39 bar code of an order number is another order number to the next reader.
#
# Code 39 has capitals, digits and - . $ / + % and blank. Its "full ASCII" form writes other characters as pairs of these:
# +R is a small r, /B is ". No bar code says which form it is. So a label that one program prints in the plain form is read by
# a second one in the full form, without an error, if the number has $, %, / or + before a capital letter. Seen with packages
# of November 2026:
#
#   printed by python-barcode 0.16.1   zxing-cpp 3.1.1 (PyPI)   @zxing/library 0.21.3 (npm), its Code39Reader
#   ORDER-7+R                          ORDER-7r                 ORDER-7+R
#   ORDER+P1                           ORDERp1                  ORDER+P1
#   A/B                                A"                       A/B
#   10%OFF                             10_FF                    10%OFF
#   SKU$A1                             SKU<SOH>1                SKU$A1
#   INV/Q3                             INV13                    INV/Q3
#   ORDER-7+2, INV/2026/7, ORDER-7-.R  as printed               as printed
#
# zxing-cpp decides code by code: it takes the full form if the whole text can be read so, and says "Code 39 Extended" (]A4)
# in the result's format. A digit after the sign, or a sign that no capital follows, keeps the plain form: that is why
# INV/2026/7 looks right in every trial and INV/Q3 does not. Who prints order numbers or AWBs in Code 39 chooses names
# without these pairs, or compares the format of the result too.
set -euo pipefail
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check python-barcode==0.16.1 pillow==11.0.0 zxing-cpp==3.1.1
npm install --silent --no-audit --no-fund @zxing/library@0.21.3 pngjs@7.0.0

numbers=('ORDER-7+R' 'ORDER+P1' 'A/B' '10%OFF' 'SKU$A1' 'INV/Q3' 'ORDER-7+2' 'INV/2026/7' 'ORDER-7-.R')
cat > print_and_read.py <<'PYTHON'
import sys
import zxingcpp
from barcode.codex import Code39
from barcode.writer import ImageWriter
from PIL import Image
for place, number in enumerate(sys.argv[1:]):
    Code39(number, writer=ImageWriter(), add_checksum=False).save(str(place), {"write_text": False})
    read = zxingcpp.read_barcodes(Image.open(f"{place}.png").convert("L"))
    print(" ".join(f"{one.text} {one.symbology_identifier}" for one in read))
PYTHON
cat > read.js <<'JAVASCRIPT'
const { PNG } = require("pngjs");
const zxing = require("@zxing/library");
for (const file of process.argv.slice(2)) {
  const image = PNG.sync.read(require("fs").readFileSync(file));
  const grey = Uint8ClampedArray.from({ length: image.width * image.height }, (_, place) => image.data[4 * place]);
  const source = new zxing.RGBLuminanceSource(grey, image.width, image.height);
  const bitmap = new zxing.BinaryBitmap(new zxing.HybridBinarizer(source));
  console.log(new zxing.Code39Reader().decode(bitmap).getText());
}
JAVASCRIPT
first="$(python/bin/python print_and_read.py "${numbers[@]}")"
second="$(node read.js [0-9].png)"
paste -d '|' <(printf '%s\n' "${numbers[@]}") <(printf '%s\n' "$first") <(printf '%s\n' "$second")

[ "$first" = 'ORDER-7r ]A4
ORDERp1 ]A4
A" ]A4
10_FF ]A4
SKU<SOH>1 ]A4
INV13 ]A4
ORDER-7+2 ]A0
INV/2026/7 ]A0
ORDER-7-.R ]A0' ] || { echo "zxing-cpp reads otherwise now" >&2; exit 1; }
[ "$second" = "$(printf '%s\n' "${numbers[@]}")" ] || { echo "@zxing/library reads otherwise now" >&2; exit 1; }
