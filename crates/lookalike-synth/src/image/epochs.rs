//! How often images are seen where nobody says so.

/// Images that the usual number of epochs is meant for.
const USUAL: usize = 50_000;
/// Fewer are seen so many times as often at most: seen more often than that, they are learned by heart.
const MOST: u32 = 10;

/// As many epochs as let a network take as many steps with `images` as with 50,000 in `usual` epochs, within limits. More
/// images are seen as often as those.
pub(super) fn epochs_for(images: usize, usual: u32) -> u32 {
    let times = (USUAL / images.max(1)).clamp(1, MOST as usize) as u32;
    usual * times
}

#[cfg(test)]
mod tests {
    use super::epochs_for;

    #[test]
    fn few_images_are_seen_more_often() {
        let epochs = [1, 2000, 5000, 10_000, 20_000, 60_000, 10_000_000].map(|images| epochs_for(images, 6));
        assert_eq!(epochs, [60, 60, 60, 30, 12, 6, 6]);
        assert_eq!(epochs_for(0, 40), 400);
    }
}
