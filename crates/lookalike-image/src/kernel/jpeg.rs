//! JPEG files: the baseline process of ITU-T T.81 (<https://www.w3.org/Graphics/JPEG/itu-t81.pdf>), with color at half the
//! resolution, and the tables of its annex K.

#![expect(clippy::inline_always, reason = "what is not inlined into a dispatch is not vectorised")]

use super::{Loop, run_wide};

/// In which order the numbers of a block are written.
const ZIGZAG: [usize; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7,
    14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39,
    46, 53, 60, 61, 54, 47, 55, 62, 63,
];

/// How coarsely brightness is kept at quality 50 (table K.1).
const LUMINANCE: [u16; 64] = [
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17,
    22, 29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78,
    87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
];

/// How coarsely color is kept at quality 50 (table K.2).
const CHROMINANCE: [u16; 64] = [
    17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99, 47, 66,
    99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
];

/// How many codes there are of each length, and what they stand for (tables K.3 to K.6).
struct Codes {
    lengths: [u8; 16],
    symbols: &'static [u8],
}

const LUMINANCE_DC: Codes = Codes {
    lengths: [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0],
    symbols: &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
};

const CHROMINANCE_DC: Codes = Codes {
    lengths: [0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0],
    symbols: &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
};

const LUMINANCE_AC: Codes = Codes {
    lengths: [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 0x7d],
    symbols: &[
        0x01, 0x02, 0x03, 0x00, 0x04, 0x11, 0x05, 0x12, 0x21, 0x31, 0x41, 0x06, 0x13, 0x51, 0x61, 0x07, 0x22,
        0x71, 0x14, 0x32, 0x81, 0x91, 0xa1, 0x08, 0x23, 0x42, 0xb1, 0xc1, 0x15, 0x52, 0xd1, 0xf0, 0x24, 0x33,
        0x62, 0x72, 0x82, 0x09, 0x0a, 0x16, 0x17, 0x18, 0x19, 0x1a, 0x25, 0x26, 0x27, 0x28, 0x29, 0x2a, 0x34,
        0x35, 0x36, 0x37, 0x38, 0x39, 0x3a, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4a, 0x53, 0x54, 0x55,
        0x56, 0x57, 0x58, 0x59, 0x5a, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x73, 0x74, 0x75, 0x76,
        0x77, 0x78, 0x79, 0x7a, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x92, 0x93, 0x94, 0x95, 0x96,
        0x97, 0x98, 0x99, 0x9a, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa8, 0xa9, 0xaa, 0xb2, 0xb3, 0xb4, 0xb5,
        0xb6, 0xb7, 0xb8, 0xb9, 0xba, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0xca, 0xd2, 0xd3, 0xd4,
        0xd5, 0xd6, 0xd7, 0xd8, 0xd9, 0xda, 0xe1, 0xe2, 0xe3, 0xe4, 0xe5, 0xe6, 0xe7, 0xe8, 0xe9, 0xea, 0xf1,
        0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9, 0xfa,
    ],
};

const CHROMINANCE_AC: Codes = Codes {
    lengths: [0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 0x77],
    symbols: &[
        0x00, 0x01, 0x02, 0x03, 0x11, 0x04, 0x05, 0x21, 0x31, 0x06, 0x12, 0x41, 0x51, 0x07, 0x61, 0x71, 0x13,
        0x22, 0x32, 0x81, 0x08, 0x14, 0x42, 0x91, 0xa1, 0xb1, 0xc1, 0x09, 0x23, 0x33, 0x52, 0xf0, 0x15, 0x62,
        0x72, 0xd1, 0x0a, 0x16, 0x24, 0x34, 0xe1, 0x25, 0xf1, 0x17, 0x18, 0x19, 0x1a, 0x26, 0x27, 0x28, 0x29,
        0x2a, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3a, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4a, 0x53, 0x54,
        0x55, 0x56, 0x57, 0x58, 0x59, 0x5a, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x73, 0x74, 0x75,
        0x76, 0x77, 0x78, 0x79, 0x7a, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x92, 0x93, 0x94,
        0x95, 0x96, 0x97, 0x98, 0x99, 0x9a, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa8, 0xa9, 0xaa, 0xb2, 0xb3,
        0xb4, 0xb5, 0xb6, 0xb7, 0xb8, 0xb9, 0xba, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0xca, 0xd2,
        0xd3, 0xd4, 0xd5, 0xd6, 0xd7, 0xd8, 0xd9, 0xda, 0xe2, 0xe3, 0xe4, 0xe5, 0xe6, 0xe7, 0xe8, 0xe9, 0xea,
        0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9, 0xfa,
    ],
};

/// The longest side that the format can say.
pub(crate) const LONGEST: usize = 65_535;

/// The file of a picture of one channel or three. Quality is 1 to 100, with the scale that is usual since the Independent
/// JPEG Group's program.
pub(crate) fn encode(values: &[u8], width: usize, height: usize, channels: usize, quality: u8) -> Vec<u8> {
    let tables = [scaled(&LUMINANCE, quality), scaled(&CHROMINANCE, quality)];
    let mut out = Vec::with_capacity(values.len() / 4 + 1024);
    header(&mut out, width, height, channels == 3, &tables);
    run_wide(Scan { values, width, height, channels, divisors: tables.map(|table| divisors(&table)), out })
}

/// All that follows the header.
struct Scan<'a> {
    values: &'a [u8],
    width: usize,
    height: usize,
    channels: usize,
    divisors: [[f32; 64]; 2],
    out: Vec<u8>,
}

impl Loop for Scan<'_> {
    type Output = Vec<u8>;

    #[inline(always)]
    fn run(self) -> Vec<u8> {
        let Scan { values, width, height, channels, divisors, mut out } = self;
        let color = channels == 3;
        let unit = if color { 16 } else { 8 };
        let padded = width.div_ceil(unit) * unit;
        let mut last = [0_i32; 3];
        // One row of units: brightness, then both colors at half the width and height.
        let mut planes = [vec![0.0_f32; padded * unit], vec![0.0; padded * 4], vec![0.0; padded * 4]];
        let mut full = [vec![0.0_f32; padded * 2], vec![0.0; padded * 2]];
        let blocks = padded / 8 * (unit / 8) + if color { padded / 8 } else { 0 };
        let mut writer = Bits::new(blocks);
        let mut words = vec![0_u32; width];
        let mut quantized = [0_i32; 64];
        for top in (0..height).step_by(unit) {
            for line in 0..unit {
                let y = (top + line).min(height - 1);
                let row = &values[y * width * channels..][..width * channels];
                let bright = &mut planes[0][line * padded..][..padded];
                if color {
                    let half = line % 2 * padded;
                    let (blue, red) = full.split_at_mut(1);
                    let (blue, red) = (&mut blue[0][half..][..padded], &mut red[0][half..][..padded]);
                    separate(row, &mut words, bright, blue, red);
                    if line % 2 == 1 {
                        for (plane, full) in planes[1..].iter_mut().zip(&full) {
                            halve(full, padded, &mut plane[line / 2 * (padded / 2)..][..padded / 2]);
                        }
                    }
                } else {
                    for (to, value) in bright.iter_mut().zip(row) {
                        *to = f32::from(*value) - 128.0;
                    }
                    let end = bright[width - 1];
                    bright[width..].fill(end);
                }
            }
            for left in (0..padded).step_by(unit) {
                for block in 0..(unit / 8) * (unit / 8) {
                    let start = (block / 2 * 8) * padded + left + block % 2 * 8;
                    transform(&planes[0][start..], padded, &divisors[0], &mut quantized);
                    write_block(&mut writer, &quantized, &mut last[0], &LUMINANCE_CODES);
                }
                if color {
                    for part in 1..3 {
                        transform(&planes[part][left / 2..], padded / 2, &divisors[1], &mut quantized);
                        write_block(&mut writer, &quantized, &mut last[part], &CHROMINANCE_CODES);
                    }
                }
            }
            writer.drain(&mut out);
        }
        writer.finish(&mut out);
        out
    }
}

/// Brightness and both colors of a row (ITU-T T.871), the last pixel repeated to the end. `words` has a place for each pixel.
#[inline(always)]
fn separate(row: &[u8], words: &mut [u32], bright: &mut [f32], blue: &mut [f32], red: &mut [f32]) {
    // A pixel and one byte more at a time: loops over whole words become wide instructions, over three bytes they do not.
    for (word, bytes) in words.iter_mut().zip(row.windows(4).step_by(3)) {
        *word = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
    }
    if let ([.., word], [.., r, g, b]) = (&mut *words, row) {
        *word = u32::from_le_bytes([*r, *g, *b, 0]);
    }
    for (((word, bright), blue), red) in
        words.iter().zip(bright.iter_mut()).zip(blue.iter_mut()).zip(red.iter_mut())
    {
        let [r, g, b] = [0, 8, 16].map(|shift| (word >> shift & 255) as i32 as f32);
        *bright = 0.299 * r + 0.587 * g + 0.114 * b - 128.0;
        *blue = -0.168_735_9 * r - 0.331_264_1 * g + 0.5 * b;
        *red = 0.5 * r - 0.418_687_6 * g - 0.081_312_4 * b;
    }
    let width = words.len();
    for part in [bright, blue, red] {
        let end = part[width - 1];
        part[width..].fill(end);
    }
}

/// Means of two by two pixels.
#[inline(always)]
fn halve(full: &[f32], width: usize, out: &mut [f32]) {
    let (above, below) = full.split_at(width);
    let ((above, _), (below, _)) = (above.as_chunks::<2>(), below.as_chunks::<2>());
    for ((to, a), b) in out.iter_mut().zip(above).zip(below) {
        *to = 0.25 * (a[0] + a[1] + b[0] + b[1]);
    }
}

fn scaled(table: &[u16; 64], quality: u8) -> [u16; 64] {
    let quality = u32::from(quality.clamp(1, 100));
    let scale = if quality < 50 { 5000 / quality } else { 200 - 2 * quality };
    table.map(|value| ((u32::from(value) * scale + 50) / 100).clamp(1, 255) as u16)
}

/// What the numbers of the fast cosine transform come out multiplied by, for each row and column.
const FACTORS: [f32; 8] =
    [1.0, 1.387_039_8, 1.306_563, 1.175_875_6, 1.0, 0.785_694_96, 0.541_196_1, 0.275_899_38];

/// What each number is multiplied by to become whole, column by column.
fn divisors(table: &[u16; 64]) -> [f32; 64] {
    std::array::from_fn(|place| {
        let at = transposed_place(place);
        1.0 / (8.0 * FACTORS[at / 8] * FACTORS[at % 8] * f32::from(table[at]))
    })
}

/// Where a number of a block is once rows are columns.
const fn transposed_place(at: usize) -> usize {
    at % 8 * 8 + at / 8
}

/// Where the numbers stand, column by column, in the order that they are written in.
const ORDER: [u8; 64] = {
    let mut order = [0; 64];
    let mut place = 0;
    while place < 64 {
        order[place] = transposed_place(ZIGZAG[place]) as u8;
        place += 1;
    }
    order
};

/// For each column and each choice of its rows, as bits: the bits of their places in the order of writing.
static SPREAD: [[u64; 256]; 8] = {
    let mut spread = [[0; 256]; 8];
    let mut place = 0;
    while place < 64 {
        let (column, row) = (ORDER[place] as usize / 8, ORDER[place] as usize % 8);
        let mut rows = 0;
        while rows < 256 {
            spread[column][rows] |= ((rows >> row & 1) as u64) << place;
            rows += 1;
        }
        place += 1;
    }
    spread
};

/// The cosine transform of eight rows at once, by the flow graph of Arai, Agui and Nakajima (1988, *Transactions of the
/// IEICE* E71, 1095-1097).
#[inline(always)]
fn cosine(d: [[f32; 8]; 8]) -> [[f32; 8]; 8] {
    let add = |a: [f32; 8], b: [f32; 8]| -> [f32; 8] { std::array::from_fn(|lane| a[lane] + b[lane]) };
    let subtract = |a: [f32; 8], b: [f32; 8]| -> [f32; 8] { std::array::from_fn(|lane| a[lane] - b[lane]) };
    let times = |a: [f32; 8], factor: f32| -> [f32; 8] { std::array::from_fn(|lane| a[lane] * factor) };
    let (sum07, difference07) = (add(d[0], d[7]), subtract(d[0], d[7]));
    let (sum16, difference16) = (add(d[1], d[6]), subtract(d[1], d[6]));
    let (sum25, difference25) = (add(d[2], d[5]), subtract(d[2], d[5]));
    let (sum34, difference34) = (add(d[3], d[4]), subtract(d[3], d[4]));

    let (outer, outer_difference) = (add(sum07, sum34), subtract(sum07, sum34));
    let (inner, inner_difference) = (add(sum16, sum25), subtract(sum16, sum25));
    let even = times(add(inner_difference, outer_difference), std::f32::consts::FRAC_1_SQRT_2);

    let low = add(difference34, difference25);
    let mid = times(add(difference25, difference16), std::f32::consts::FRAC_1_SQRT_2);
    let high = add(difference16, difference07);
    let turn = times(subtract(low, high), 0.382_683_43);
    let low = add(times(low, 0.541_196_1), turn);
    let high = add(times(high, 1.306_563), turn);
    let (up, down) = (add(difference07, mid), subtract(difference07, mid));
    [
        add(outer, inner),
        add(up, high),
        add(outer_difference, even),
        subtract(down, low),
        subtract(outer, inner),
        add(down, low),
        subtract(outer_difference, even),
        subtract(up, high),
    ]
}

#[inline(always)]
fn transposed(d: [[f32; 8]; 8]) -> [[f32; 8]; 8] {
    std::array::from_fn(|row| std::array::from_fn(|column| d[column][row]))
}

/// The whole numbers of a block, column by column.
#[inline(always)]
fn transform(plane: &[f32], stride: usize, divisors: &[f32; 64], out: &mut [i32; 64]) {
    /// Adding and subtracting this rounds to whole numbers.
    const ROUNDING: f32 = 12_582_912.0;
    let mut rows = [[0.0; 8]; 8];
    for (number, row) in rows.iter_mut().enumerate() {
        row.copy_from_slice(&plane[number * stride..][..8]);
    }
    let columns = cosine(transposed(cosine(rows)));
    for (number, column) in columns.iter().enumerate() {
        for (row, value) in column.iter().enumerate() {
            let at = 8 * number + row;
            let value = value * divisors[at] + ROUNDING;
            // The codes have no larger ones.
            out[at] = ((value.to_bits() as i32) - (ROUNDING.to_bits() as i32)).clamp(-1023, 1023);
        }
    }
}

/// For each symbol its code, and in the lowest byte how long that is together with the bits of the number after it: as many
/// as the lower half of the symbol says.
const fn code_table(codes: &Codes) -> [u32; 256] {
    let mut table = [0; 256];
    let (mut code, mut next, mut length) = (0, 0, 0);
    while length < 16 {
        let end = next + codes.lengths[length] as usize;
        while next < end {
            let symbol = codes.symbols[next];
            table[symbol as usize] = code << 8 | (length as u32 + 1 + (symbol & 15) as u32);
            code += 1;
            next += 1;
        }
        code <<= 1;
        length += 1;
    }
    table
}

/// The codes of differences of means, and of all else.
struct CodeTables {
    dc: [u32; 256],
    ac: [u32; 256],
}

static LUMINANCE_CODES: CodeTables =
    CodeTables { dc: code_table(&LUMINANCE_DC), ac: code_table(&LUMINANCE_AC) };

static CHROMINANCE_CODES: CodeTables =
    CodeTables { dc: code_table(&CHROMINANCE_DC), ac: code_table(&CHROMINANCE_AC) };

/// What a block takes at most, in bytes: 27 bits for each number.
const MOST: usize = 216;

/// Bits on their way into a file.
struct Bits {
    /// Whole bytes, as many as `at`, as they are before zeros are put between them.
    raw: Vec<u8>,
    at: usize,
    /// The bits that are not a whole byte yet, from the highest on.
    held: u64,
    count: u32,
}

impl Bits {
    /// For so many blocks before each [`Bits::drain`].
    fn new(blocks: usize) -> Self {
        Bits { raw: vec![0; blocks * MOST + 8], at: 0, held: 0, count: 0 }
    }

    /// One bit to 32, of which those above `count` are zero. Eight bytes are written each time, whole or not: a processor
    /// cannot foresee when a byte or a word is full, and so is not asked.
    #[inline(always)]
    fn put(&mut self, bits: u32, count: u32) {
        self.count += count;
        self.held |= u64::from(bits) << (64 - self.count);
        self.raw[self.at..self.at + 8].copy_from_slice(&self.held.to_be_bytes());
        let whole = self.count / 8;
        self.at += whole as usize;
        self.held <<= whole * 8;
        self.count %= 8;
    }

    /// A number by its symbol: the code, then the number's bits. Negative ones are written as one less.
    #[inline(always)]
    fn put_number(&mut self, codes: &[u32; 256], zeros: u32, value: i32) {
        let size = 32 - value.unsigned_abs().leading_zeros();
        let entry = codes[(zeros << 4 | size) as usize & 255];
        let low = ((value + (value >> 31)) as u32) & ((1 << size) - 1);
        self.put((entry >> 8) << size | low, entry & 255);
    }

    /// Moves all whole bytes. One of ones is followed by one of zeros, so that it is not taken for a marker.
    #[inline(always)]
    fn drain(&mut self, out: &mut Vec<u8>) {
        let (words, rest) = self.raw[..self.at].as_chunks::<8>();
        for bytes in words {
            let word = u64::from_le_bytes(*bytes);
            if word & 0x8080_8080_8080_8080 & !word.wrapping_add(0x0101_0101_0101_0101) == 0 {
                out.extend_from_slice(bytes);
            } else {
                stuff(bytes, out);
            }
        }
        stuff(rest, out);
        self.at = 0;
    }

    /// The last byte is filled up with ones.
    fn finish(mut self, out: &mut Vec<u8>) {
        if self.count > 0 {
            let missing = 8 - self.count;
            self.put((1 << missing) - 1, missing);
            self.drain(out);
        }
        out.extend_from_slice(&[0xff, 0xd9]);
    }
}

fn stuff(bytes: &[u8], out: &mut Vec<u8>) {
    for &byte in bytes {
        out.push(byte);
        if byte == 0xff {
            out.push(0);
        }
    }
}

/// Writes a block whose numbers stand column by column.
#[inline(always)]
fn write_block(writer: &mut Bits, block: &[i32; 64], last: &mut i32, codes: &CodeTables) {
    let difference = block[0] - *last;
    *last = block[0];
    writer.put_number(&codes.dc, 0, difference);
    // From one number that is not zero to the next: which ones are is guesswork for a processor that is asked each time.
    let mut left = others_than_zero(block) & !1;
    let mut before = 0;
    while left != 0 {
        let place = left.trailing_zeros();
        left &= left - 1;
        let mut zeros = place - before - 1;
        before = place;
        while zeros > 15 {
            let entry = codes.ac[0xf0];
            writer.put(entry >> 8, entry & 255);
            zeros -= 16;
        }
        let value = block[usize::from(ORDER[place as usize & 63]) & 63];
        writer.put_number(&codes.ac, zeros, value);
    }
    if before < 63 {
        let entry = codes.ac[0];
        writer.put(entry >> 8, entry & 255);
    }
}

/// A bit for each number in the order of writing, the lowest for the first: set unless the number is zero.
#[inline(always)]
fn others_than_zero(block: &[i32; 64]) -> u64 {
    /// Brings the lowest bits of eight bytes together in the highest byte.
    const TOGETHER: u64 = 0x0102_0408_1020_4080;
    let mut flags = [0_u8; 64];
    for (flag, number) in flags.iter_mut().zip(block) {
        *flag = u8::from(*number != 0);
    }
    let (columns, _) = flags.as_chunks::<8>();
    columns.iter().zip(&SPREAD).fold(0, |all, (column, spread)| {
        all | spread[(u64::from_le_bytes(*column).wrapping_mul(TOGETHER) >> 56) as usize]
    })
}

fn header(out: &mut Vec<u8>, width: usize, height: usize, color: bool, tables: &[[u16; 64]; 2]) {
    out.extend_from_slice(&[0xff, 0xd8]);
    let mut segment = |marker: u8, data: &[u8]| {
        out.extend_from_slice(&[0xff, marker]);
        out.extend_from_slice(&(data.len() as u16 + 2).to_be_bytes());
        out.extend_from_slice(data);
    };
    // JFIF, with square pixels.
    segment(0xe0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0");
    let count = if color { 2 } else { 1 };
    for (number, table) in tables.iter().take(count).enumerate() {
        let mut data = vec![number as u8];
        data.extend(ZIGZAG.iter().map(|&at| table[at] as u8));
        segment(0xdb, &data);
    }
    let ([h1, h0], [w1, w0]) = ((height as u16).to_be_bytes(), (width as u16).to_be_bytes());
    let mut frame = vec![8, h1, h0, w1, w0, if color { 3 } else { 1 }];
    frame.extend_from_slice(if color { &[1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1] } else { &[1, 0x11, 0] });
    segment(0xc0, &frame);
    let all = [(0, &LUMINANCE_DC), (0x10, &LUMINANCE_AC), (1, &CHROMINANCE_DC), (0x11, &CHROMINANCE_AC)];
    for (class, codes) in all.into_iter().take(2 * count) {
        let mut data = vec![class];
        data.extend_from_slice(&codes.lengths);
        data.extend_from_slice(codes.symbols);
        segment(0xc4, &data);
    }
    let scan: &[u8] = if color { &[3, 1, 0, 2, 0x11, 3, 0x11, 0, 63, 0] } else { &[1, 1, 0, 0, 63, 0] };
    segment(0xda, scan);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(file: &[u8]) -> image::DynamicImage {
        image::load_from_memory_with_format(file, image::ImageFormat::Jpeg).unwrap()
    }

    #[test]
    fn a_decoder_sees_nearly_the_same_picture() {
        for (width, height) in [(1, 1), (8, 8), (17, 33), (100, 41)] {
            let smooth = |x: usize, y: usize, c: usize| {
                (128.0 + 100.0 * lookalike_core::math::sin((x + 2 * y) as f64 / 15.0 + c as f64)) as u8
            };
            for channels in [1, 3] {
                let values: Vec<u8> = (0..width * height * channels)
                    .map(|i| smooth(i / channels % width, i / channels / width, i % channels))
                    .collect();
                let picture = decoded(&encode(&values, width, height, channels, 100));
                assert_eq!((picture.width() as usize, picture.height() as usize), (width, height));
                assert_eq!(usize::from(picture.color().channel_count()), channels);
                let apart: u32 =
                    picture.as_bytes().iter().zip(&values).map(|(a, b)| u32::from(a.abs_diff(*b))).sum();
                let mean = f64::from(apart) / values.len() as f64;
                assert!(mean < 3.0, "{width} x {height} x {channels}: {mean}");
            }
        }
    }

    #[test]
    fn bits_of_numbers_other_than_zero() {
        let numbers: [i32; 64] =
            std::array::from_fn(|place| if place % 5 == 0 || place == 63 { -7 } else { 0 });
        let expected = (0..64)
            .filter(|&place| numbers[transposed_place(ZIGZAG[place])] != 0)
            .fold(0, |all, place| all | 1 << place);
        assert_eq!(others_than_zero(&numbers), expected);
        assert_eq!(expected.count_ones(), 14);
    }

    #[test]
    fn lower_quality_is_smaller_and_worse() {
        let values: Vec<u8> = (0..64 * 64_u32).map(|i| (i * i % 255) as u8).collect();
        let sizes: Vec<usize> =
            [100, 80, 30, 1].iter().map(|&quality| encode(&values, 64, 64, 1, quality).len()).collect();
        assert!(sizes.is_sorted_by(|a, b| a > b), "{sizes:?}");
        decoded(&encode(&values, 64, 64, 1, 1));
    }
}
