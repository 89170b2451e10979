use lookalike_core::Seed;
use lookalike_learn::net::Parameters;
use lookalike_learn::net::image::{Pass, Prepared, Shape, UNet};

use super::super::between::Between;
use super::super::layout::Layout;
use super::base::Base;
use super::options::Flow;
use super::tell::tell;

/// Velocities that were learned.
#[derive(Debug, Clone)]
pub(in super::super) struct FittedFlow {
    pub(in super::super) options: Flow,
    pub(super) layout: Layout,
    pub(in super::super) network: UNet,
    pub(in super::super) parameters: Parameters,
    pub(in super::super) base: Base,
}

impl FittedFlow {
    /// Of what a file holds; the parameters' number is checked, and they are filled in, by the caller.
    pub(in super::super) fn empty(options: Flow, shape: Shape, classes: usize, base: Base) -> Self {
        let (size, layout) = (options.size(shape, classes), options.layout(shape));
        let mut parameters = Parameters::new();
        let network = UNet::new(&size, &mut parameters, &mut Seed::new(0).stream("shape", 0));
        FittedFlow { options, layout, network, parameters, base }
    }

    pub(in super::super) fn prepare(&self) -> Prepared {
        self.network.graph.prepare(&self.parameters)
    }

    /// Numbers of noise per image.
    pub(in super::super) fn noise(&self) -> usize {
        self.layout.shape.size()
    }

    /// Images of these classes from noise, image after image, with numbers from -1 to 1.
    pub(in super::super) fn draw(
        &self,
        prepared: &Prepared,
        mut noise: Vec<f32>,
        classes: &[Between],
        pass: &mut Pass,
    ) -> Vec<f32> {
        self.carry(prepared, classes, &mut noise, pass);
        noise.chunks_exact(self.noise()).flat_map(|image| self.layout.leave(image)).collect()
    }

    /// Carries noise, which `images` holds row after row as the network sees it, to images: by Heun's method, and in the last
    /// step straight to where the image is expected, which leaves no noise.
    fn carry(&self, prepared: &Prepared, classes: &[Between], images: &mut [f32], pass: &mut Pass) {
        let guided = self.options.guidance != 1.0 && self.options.untold > 0.0;
        let count = classes.len() * if guided { 2 } else { 1 };
        if pass.images() != count {
            pass.resize(&self.network.graph, count);
        }
        let zeros = vec![0.0; images.len()];
        let [mut first, mut second, mut ahead, mut other] =
            [zeros.clone(), zeros.clone(), zeros.clone(), zeros];
        let steps = self.options.steps;
        for number in 0..steps {
            let (time, next) = (self.time(number), self.time(number + 1));
            let step = next - time;
            self.velocity(prepared, (time, classes, guided), images, pass, (&mut first, &mut other));
            if number + 1 == steps {
                images.iter_mut().zip(&first).for_each(|(x, v)| *x += step * v);
                break;
            }
            for (ahead, (x, v)) in ahead.iter_mut().zip(images.iter().zip(&first)) {
                *ahead = x + step * v;
            }
            self.velocity(prepared, (next, classes, guided), &ahead, pass, (&mut second, &mut other));
            for (x, (first, second)) in images.iter_mut().zip(first.iter().zip(&second)) {
                *x += 0.5 * step * (first + second);
            }
        }
    }

    /// When a step begins: steps are shorter towards the image, where what is left of the noise is small.
    fn time(&self, number: u32) -> f32 {
        let left = 1.0 - number as f32 / self.options.steps as f32;
        1.0 - left * left.sqrt()
    }

    fn velocity(
        &self,
        prepared: &Prepared,
        (time, classes, guided): (f32, &[Between], bool),
        images: &[f32],
        pass: &mut Pass,
        (out, other): (&mut [f32], &mut [f32]),
    ) {
        let UNet { graph, image, beside, told, output } = &self.network;
        let width = graph.shape(*told).size();
        for (place, to) in pass.values_mut(*told).chunks_exact_mut(width).enumerate() {
            tell(time, classes.get(place).copied(), to);
        }
        for to in pass.values_mut(*image).chunks_exact_mut(images.len()) {
            to.copy_from_slice(images);
        }
        let size = self.noise();
        let mut spare = vec![0.0; size];
        let all = images.chunks_exact(size).zip(classes);
        for ((x, class), (out, other)) in
            all.zip(out.chunks_exact_mut(size).zip(other.chunks_exact_mut(size)))
        {
            self.base.velocity(Some(class.from), time, x, out);
            if class.share > 0.0 {
                self.base.velocity(Some(class.to), time, x, &mut spare);
                out.iter_mut().zip(&spare).for_each(|(out, to)| *out += class.share * (to - *out));
            }
            if guided {
                self.base.velocity(None, time, x, other);
            }
        }
        let expect = |x: &[f32], velocity: &[f32], to: &mut [f32]| {
            let left = 1.0 - time;
            to.iter_mut().zip(x.iter().zip(velocity)).for_each(|(to, (x, v))| *to = x + left * v);
        };
        let (with, without) = pass.values_mut(*beside).split_at_mut(images.len());
        expect(images, out, with);
        if guided {
            expect(images, other, without);
        }
        pass.forward(graph, &self.parameters, prepared);
        let (with, without) = pass.values(*output).split_at(images.len());
        out.iter_mut().zip(with).for_each(|(out, with)| *out += with);
        if guided {
            let guidance = self.options.guidance;
            for (out, (other, without)) in out.iter_mut().zip(other.iter().zip(without)) {
                let without = other + without;
                *out = without + guidance * (*out - without);
            }
        }
    }
}
