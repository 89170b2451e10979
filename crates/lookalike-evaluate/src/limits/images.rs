use super::Limits;

/// Of images as a judge sees them, of what is learned from them and of copied ones.
pub(super) const LIMITS: &[Limits] = &[
    Limits {
        of: &["image-frechet"],
        cannot_tell: "anything that a small network has no need of to tell the classes of these images: fine texture, \
                      sharpness and noise of single pixels may be wrong. It compares means and covariances only, is \
                      larger where there are fewer images, and knows nothing of single images, such as copied ones",
        gamed_by: "by training images drawn again, which score as fresh ones do; by choosing, of many generated images, \
                   those whose features have the right mean and covariance",
    },
    Limits {
        of: &["image-kernel-distance"],
        cannot_tell: "anything that the network of `image-frechet` does not see, and differences beyond the third moments of \
                      what it sees. Its unit is of this judge and these images, so that figures of other sets do not \
                      compare",
        gamed_by: "by training images drawn again; by choosing generated images whose features match real ones in the mean",
    },
    Limits {
        of: &["image-precision"],
        cannot_tell: "whether anything is lacking: one good image over and over reaches 1. A single outlying real image \
                      reaches far, and bad images near it count as good",
        gamed_by: "by few, safe images; by training images drawn again",
    },
    Limits {
        of: &["image-recall"],
        cannot_tell: "whether synthetic images are any good: a few that lie far from all others reach far, and cover many \
                      real ones that look nothing like them",
        gamed_by: "by mixing in images from anywhere, whose reach is large; by training images drawn again",
    },
    Limits {
        of: &["image-density"],
        cannot_tell: "where synthetic images are lacking: many in the middle make up for many that lie outside",
        gamed_by: "by crowding images where real ones are dense until the mean is right; copied training images score \
                   about as fresh ones do",
    },
    Limits {
        of: &["image-coverage"],
        cannot_tell: "how many synthetic images lie where no real one does: one image per neighbourhood is enough, and the \
                      others may be anything",
        gamed_by: "by scattering copied training images over the set: each covers the neighbourhoods around it",
    },
    Limits {
        of: &["image-accuracy"],
        cannot_tell: "whether images look right: what tells classes apart is enough, and patterns that no person would take \
                      for an image may do. Variety within a class matters only as far as the classes' borders need it",
        gamed_by: "by copied training images with their classes, which reach the floor; by images whose classes another \
                   network chose; by leaving out images that are hard to tell",
    },
    Limits {
        of: &["image-dcr-share"],
        cannot_tell: "anything about single images, nor much where training images are many more than held-out ones: a copy \
                      shows only in the draw that holds its original, so that copies alone, of twenty times as many training \
                      images, move it from 0.5 to 0.525. Read `image-near-copies` with it. It is a smoke test, no attack, and \
                      passing it is no evidence of privacy",
        gamed_by: "by changes that the network sees and people do not; by mixing copied images with images from anywhere, \
                   which pull it back to a half",
    },
    Limits {
        of: &["image-near-copies"],
        cannot_tell: "whether images were copied and moved by a pixel, mirrored or made a little brighter: that is further \
                      away, pixel by pixel, than another image of the same thing. It looks at a draw of 2000 synthetic \
                      images at most, and misses copies that are rarer",
        gamed_by: "by moving each copied image by a pixel; by noise a little larger than what one in a hundred held-out \
                   images has by nature",
    },
    Limits {
        of: &["image-pixels"],
        cannot_tell: "what images show: the same pixels in another order change only the edges, and each statistic is looked \
                      at alone",
        gamed_by: "by noise with the right brightness and contrast; by training images drawn again",
    },
];
