use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lookalike_evaluate::{Picture, Series};
use maud::{Markup, html};

use crate::text::{name, printable, short};

/// How large an image is drawn, about, in pixels of the screen.
const SIDE: usize = 56;

/// The size of images in levels.
#[derive(Debug, Clone, Copy)]
pub(super) struct Size {
    pub(super) height: u16,
    pub(super) width: u16,
    pub(super) channels: u8,
}

/// A grid of images for each series: in one picture, or one for each row or column that has a name.
pub(super) fn draw(
    size: Size,
    across: usize,
    [columns, rows]: [&[String]; 2],
    series: &[Series<Option<Picture>>],
) -> Markup {
    let across = across.max(1);
    html! {
        div.panels {
            @for one in series {
                div {
                    @if series.len() > 1 { h4 { (printable(&one.name)) } }
                    @if rows.is_empty() && columns.is_empty() {
                        @let alt = format!("{} {} images, {across} side by side", count(&one.values), printable(&one.name));
                        (strip(size, &one.values, across, &alt))
                    } @else {
                        (table(size, across, [columns, rows], one))
                    }
                }
            }
        }
    }
}

fn table(
    size: Size,
    across: usize,
    [columns, rows]: [&[String]; 2],
    one: &Series<Option<Picture>>,
) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label={"images, " (printable(&one.name))} {
            table.pictures {
                @if !columns.is_empty() {
                    thead { tr {
                        @if !rows.is_empty() { td {} }
                        @for column in columns { th scope="col" { (name(column)) } }
                    } }
                }
                tbody { @for (number, images) in one.values.chunks(across).enumerate() {
                    tr {
                        @let row = rows.get(number).map(|row| short(row));
                        @if let Some(row) = &row { th scope="row" { (row) } }
                        @if columns.is_empty() {
                            @let alt = format!("{} {} images of {}", count(images), printable(&one.name), row.unwrap_or_default());
                            td { (strip(size, images, across, &alt)) }
                        } @else {
                            @for (place, image) in images.chunks(1).enumerate() {
                                @let alt = format!("{}, row {}", columns.get(place).map(|column| short(column)).unwrap_or_default(), number + 1);
                                td { (strip(size, image, 1, &alt)) }
                            }
                        }
                    }
                } }
            }
        }
    }
}

/// How many images there are.
fn count(images: &[Option<Picture>]) -> usize {
    images.iter().flatten().count()
}

/// Images in a grid as one picture, each pixel of theirs a square of pixels.
fn strip(size: Size, images: &[Option<Picture>], across: usize, alt: &str) -> Markup {
    let across = across.min(images.len()).max(1);
    let Some((file, [width, height])) = encode(size, images, across) else {
        return html! { span.unknown { "no image" } };
    };
    let side = usize::from(size.height.max(size.width)).max(1);
    let times = ((SIDE + side / 2) / side).max(1);
    html! {
        img.pixels src={"data:image/png;base64," (STANDARD.encode(file))} alt=(alt) width=(width * times) height=(height * times);
    }
}

/// A PNG file with nothing between images but a line that is clear, and its width and height; `None` where there is none, or one is not of
/// the size that they should be.
fn encode(size: Size, images: &[Option<Picture>], across: usize) -> Option<(Vec<u8>, [usize; 2])> {
    let [height, width, channels] = [size.height.into(), size.width.into(), usize::from(size.channels)];
    // Room between images is clear, so there is always opacity. Beyond four channels three are shown as colours.
    let (colour, wide) =
        if channels >= 3 { (png::ColorType::Rgba, 4) } else { (png::ColorType::GrayscaleAlpha, 2) };
    if height * width * channels == 0 || count(images) == 0 {
        return None;
    }
    let gap = if images.len() > 1 { 1 + height.max(width) / 24 } else { 0 };
    let down = images.len().div_ceil(across);
    let all = [across * (width + gap) - gap, down * (height + gap) - gap];
    let mut levels = vec![0; all[0] * all[1] * wide];
    for (number, image) in images.iter().enumerate() {
        let Some(Picture(image)) = image else { continue };
        if image.len() != height * width * channels {
            return None;
        }
        let corner = (number / across) * (height + gap) * all[0] + (number % across) * (width + gap);
        for (pixel, own) in image.chunks_exact(channels).enumerate() {
            let place = (corner + pixel / width * all[0] + pixel % width) * wide;
            let to = &mut levels[place..place + wide];
            to[..wide - 1].copy_from_slice(&own[..wide - 1]);
            to[wide - 1] = if channels == wide { own[wide - 1] } else { 255 };
        }
    }
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, all[0].try_into().ok()?, all[1].try_into().ok()?);
    encoder.set_color(colour);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(&levels).ok()?;
    writer.finish().ok()?;
    Some((file, all))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(file: &[u8]) -> (Vec<u8>, [u32; 2]) {
        let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
        let mut levels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut levels).unwrap();
        (levels, [info.width, info.height])
    }

    #[test]
    fn images_stand_in_a_grid_with_clear_lines_between_them() {
        let size = Size { height: 1, width: 2, channels: 1 };
        let images = [Some(Picture(vec![10, 20])), None, Some(Picture(vec![30, 40]))];
        let (file, all) = encode(size, &images, 2).unwrap();
        assert_eq!(all, [5, 3]);
        let (levels, found) = decode(&file);
        assert_eq!(found, [5, 3]);
        assert_eq!(levels[..10], [10, 255, 20, 255, 0, 0, 0, 0, 0, 0]);
        assert_eq!(levels[20..26], [30, 255, 40, 255, 0, 0]);
    }

    #[test]
    fn channels_become_colours() {
        let of = |channels, levels: Vec<u8>| {
            let size = Size { height: 1, width: 1, channels };
            decode(&encode(size, &[Some(Picture(levels))], 1).unwrap().0).0
        };
        assert_eq!(of(2, vec![7, 8]), [7, 8]);
        assert_eq!(of(3, vec![1, 2, 3]), [1, 2, 3, 255]);
        assert_eq!(of(4, vec![1, 2, 3, 4]), [1, 2, 3, 4]);
        assert_eq!(of(5, vec![1, 2, 3, 4, 5]), [1, 2, 3, 255]);
        let size = Size { height: 1, width: 1, channels: 3 };
        assert!(encode(size, &[Some(Picture(vec![1]))], 1).is_none(), "an image of another size");
    }
}
