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
    let color = channels == 3;
    let tables = [scaled(&LUMINANCE, quality), scaled(&CHROMINANCE, quality)];
    let mut out = Vec::with_capacity(values.len() / 4 + 1024);
    header(&mut out, width, height, color, &tables);
    let mut writer = Bits { out, held: 0, free: 64 };
    let codes = [
        (code_table(&LUMINANCE_DC), code_table(&LUMINANCE_AC)),
        (code_table(&CHROMINANCE_DC), code_table(&CHROMINANCE_AC)),
    ];
    let divisors = [divisors(&tables[0]), divisors(&tables[1])];
    let mut last = [0_i32; 3];
    let unit = if color { 16 } else { 8 };
    let padded = width.div_ceil(unit) * unit;
    // One row of units: brightness, then both colors at half the width and height.
    let mut planes = [vec![0.0_f32; padded * unit], vec![0.0; padded * 4], vec![0.0; padded * 4]];
    let mut full = [vec![0.0_f32; padded * 2], vec![0.0; padded * 2]];
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
                run_wide(Separate { row, bright, blue, red });
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
                let plane = &planes[0][start..];
                run_wide(Transform { plane, stride: padded, divisors: &divisors[0], out: &mut quantized });
                write_block(&mut writer, &quantized, &mut last[0], &codes[0]);
            }
            if color {
                for part in 1..3 {
                    let plane = &planes[part][left / 2..];
                    let stride = padded / 2;
                    run_wide(Transform { plane, stride, divisors: &divisors[1], out: &mut quantized });
                    write_block(&mut writer, &quantized, &mut last[part], &codes[1]);
                }
            }
        }
    }
    writer.finish()
}

struct Separate<'a> {
    row: &'a [u8],
    bright: &'a mut [f32],
    blue: &'a mut [f32],
    red: &'a mut [f32],
}

impl Loop for Separate<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        separate(self.row, self.bright, self.blue, self.red);
    }
}

struct Transform<'a> {
    plane: &'a [f32],
    stride: usize,
    divisors: &'a [f32; 64],
    out: &'a mut [i32; 64],
}

impl Loop for Transform<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        transform(self.plane, self.stride, self.divisors, self.out);
    }
}

/// Brightness and both colors of a row (ITU-T T.871), the last pixel repeated to the end.
#[inline(always)]
fn separate(row: &[u8], bright: &mut [f32], blue: &mut [f32], red: &mut [f32]) {
    let (pixels, _) = row.as_chunks::<3>();
    for (((pixel, bright), blue), red) in
        pixels.iter().zip(bright.iter_mut()).zip(blue.iter_mut()).zip(red.iter_mut())
    {
        let [r, g, b] = pixel.map(f32::from);
        *bright = 0.299 * r + 0.587 * g + 0.114 * b - 128.0;
        *blue = -0.168_735_9 * r - 0.331_264_1 * g + 0.5 * b;
        *red = 0.5 * r - 0.418_687_6 * g - 0.081_312_4 * b;
    }
    let width = pixels.len();
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

/// What each number is multiplied by to become whole.
fn divisors(table: &[u16; 64]) -> [f32; 64] {
    std::array::from_fn(|at| 1.0 / (8.0 * FACTORS[at / 8] * FACTORS[at % 8] * f32::from(table[at])))
}

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

/// The whole numbers of a block, row by row.
#[inline(always)]
fn transform(plane: &[f32], stride: usize, divisors: &[f32; 64], out: &mut [i32; 64]) {
    /// Adding and subtracting this rounds to whole numbers.
    const ROUNDING: f32 = 12_582_912.0;
    let mut rows = [[0.0; 8]; 8];
    for (number, row) in rows.iter_mut().enumerate() {
        row.copy_from_slice(&plane[number * stride..][..8]);
    }
    let rows = cosine(transposed(cosine(rows)));
    let rows = transposed(rows);
    for row in 0..8 {
        for column in 0..8 {
            let at = 8 * row + column;
            let value = rows[row][column] * divisors[at] + ROUNDING;
            // The codes have no larger ones.
            out[at] = ((value.to_bits() as i32) - (ROUNDING.to_bits() as i32)).clamp(-1023, 1023);
        }
    }
}

/// For each symbol its code and how long that is.
fn code_table(codes: &Codes) -> [(u32, u32); 256] {
    let mut table = [(0, 0); 256];
    let (mut code, mut next) = (0, 0);
    for (length, &count) in codes.lengths.iter().enumerate() {
        for _ in 0..count {
            table[usize::from(codes.symbols[next])] = (code, length as u32 + 1);
            code += 1;
            next += 1;
        }
        code <<= 1;
    }
    table
}

/// Bits on their way into a file, eight bytes at a time.
struct Bits {
    out: Vec<u8>,
    held: u64,
    /// How many more fit.
    free: u32,
}

impl Bits {
    /// Fewer than 32 bits, of which those above `count` are zero.
    #[inline(always)]
    fn put(&mut self, bits: u32, count: u32) {
        if count <= self.free {
            self.held = (self.held << count) | u64::from(bits);
            self.free -= count;
            return;
        }
        let over = count - self.free;
        let full = (self.held << self.free) | u64::from(bits >> over);
        self.write(full);
        // What was written stands above the new bits, and is shifted out before it is written again.
        self.held = u64::from(bits);
        self.free = 64 - over;
    }

    /// A byte of ones is followed by one of zeros, so that it is not taken for a marker.
    fn write(&mut self, word: u64) {
        if word & 0x8080_8080_8080_8080 & !word.wrapping_add(0x0101_0101_0101_0101) == 0 {
            self.out.extend_from_slice(&word.to_be_bytes());
        } else {
            word.to_be_bytes().into_iter().for_each(|byte| self.write_byte(byte));
        }
    }

    fn write_byte(&mut self, byte: u8) {
        self.out.push(byte);
        if byte == 0xff {
            self.out.push(0);
        }
    }

    /// The last byte is filled up with ones.
    fn finish(mut self) -> Vec<u8> {
        let missing = self.free % 8;
        self.put((1 << missing) - 1, missing);
        let mut count = 64 - self.free;
        while count > 0 {
            count -= 8;
            self.write_byte((self.held >> count) as u8);
        }
        self.out.extend_from_slice(&[0xff, 0xd9]);
        self.out
    }
}

type CodeTables = ([(u32, u32); 256], [(u32, u32); 256]);

#[inline(always)]
fn write_block(writer: &mut Bits, block: &[i32; 64], last: &mut i32, (dc, ac): &CodeTables) {
    let difference = block[0] - *last;
    *last = block[0];
    let size = 32 - difference.unsigned_abs().leading_zeros();
    let (code, length) = dc[size as usize];
    writer.put((code << size) | low_bits(difference, size), length + size);
    let ordered: [i32; 64] = std::array::from_fn(|place| block[ZIGZAG[place]]);
    // From one number that is not zero to the next: which ones are is guesswork for a processor that is asked each time.
    let mut left = others_than_zero(&ordered) & !1;
    let mut before = 0;
    while left != 0 {
        let place = left.trailing_zeros();
        left &= left - 1;
        let mut zeros = place - before - 1;
        before = place;
        while zeros > 15 {
            let (code, length) = ac[0xf0];
            writer.put(code, length);
            zeros -= 16;
        }
        let value = ordered[place as usize];
        let size = 32 - value.unsigned_abs().leading_zeros();
        let (code, length) = ac[(zeros << 4 | size) as usize];
        writer.put((code << size) | low_bits(value, size), length + size);
    }
    if before < 63 {
        let (code, length) = ac[0];
        writer.put(code, length);
    }
}

/// A bit for each number, the lowest for the first: set unless the number is zero.
#[inline(always)]
fn others_than_zero(numbers: &[i32; 64]) -> u64 {
    /// Brings the lowest bits of eight bytes together in the highest byte.
    const TOGETHER: u64 = 0x0102_0408_1020_4080;
    let (eights, _) = numbers.as_chunks::<8>();
    let byte = |eight: &[i32; 8]| {
        let flags: [u8; 8] = std::array::from_fn(|place| u8::from(eight[place] != 0));
        u64::from_le_bytes(flags).wrapping_mul(TOGETHER) >> 56
    };
    eights.iter().rev().fold(0, |all, eight| all << 8 | byte(eight))
}

/// Negative numbers are written as one less.
#[inline(always)]
fn low_bits(value: i32, size: u32) -> u32 {
    ((value + (value >> 31)) as u32) & ((1 << size) - 1)
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
        let expected =
            (0..64).filter(|place| place % 5 == 0 || *place == 63).fold(0, |all, place| all | 1 << place);
        assert_eq!(others_than_zero(&numbers), expected);
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
