//! How alike two stretches of sound are, whatever their level and a small delay.

use std::ops::Range;

use realfft::RealFftPlanner;

/// Rate that alikeness is measured at: enough for speech.
const RATE: u32 = 8_000;

/// A channel brought near 8 kHz with its low hum taken out, so that what two lines share by
/// their mains does not pass for a shared voice.
pub(super) struct Thin<'a> {
    samples: &'a [f32],
    factor: usize,
}

impl<'a> Thin<'a> {
    pub(super) fn new(samples: &'a [f32], rate: u32) -> Self {
        let factor = usize::try_from(rate / RATE).unwrap_or(1).max(1);
        Self { samples, factor }
    }

    /// Thinned samples per original one.
    pub(super) const fn factor(&self) -> usize {
        self.factor
    }

    /// The thinned stretch; what lies outside the channel is silence.
    pub(super) fn stretch(&self, range: Range<isize>) -> Vec<f32> {
        let mut last = self.mean(range.start - 1);
        range
            .map(|at| {
                let now = self.mean(at);
                let bright = now - 0.9 * last;
                last = now;
                bright
            })
            .collect()
    }

    fn mean(&self, at: isize) -> f32 {
        let Some(start) = usize::try_from(at).ok().map(|at| at * self.factor) else {
            return 0.0;
        };
        let Some(group) = self.samples.get(start..start + self.factor) else {
            return 0.0;
        };
        let count = u16::try_from(self.factor).unwrap_or(u16::MAX);
        group.iter().sum::<f32>() / f32::from(count)
    }
}

/// Sums of products of `a` with every shifted stretch of `b`, and the energies that normalise
/// them. `b` is longer than `a`; shift 0 is its beginning.
pub(super) struct Products {
    pub(super) dots: Vec<f32>,
    pub(super) energies: Vec<f32>,
    pub(super) energy: f32,
}

/// `None` where the transform refuses, which sizes chosen here never make it do.
pub(super) fn products(a: &[f32], b: &[f32]) -> Option<Products> {
    let shifts = b.len().checked_sub(a.len())? + 1;
    let size = b.len().next_power_of_two().max(2);
    let mut planner = RealFftPlanner::<f32>::new();
    let (forward, inverse) = (
        planner.plan_fft_forward(size),
        planner.plan_fft_inverse(size),
    );
    let spectrum = |samples: &[f32]| {
        let mut input = samples.to_vec();
        input.resize(size, 0.0);
        let mut output = forward.make_output_vec();
        forward
            .process(&mut input, &mut output)
            .ok()
            .map(|()| output)
    };
    let (of_a, mut product) = (spectrum(a)?, spectrum(b)?);
    for (b, a) in product.iter_mut().zip(&of_a) {
        *b *= a.conj();
    }
    // A real signal's first and last bins are real; rounding may leave dust there.
    for end in [0, product.len() - 1] {
        if let Some(bin) = product.get_mut(end) {
            bin.im = 0.0;
        }
    }
    let mut dots = inverse.make_output_vec();
    inverse.process(&mut product, &mut dots).ok()?;
    dots.truncate(shifts);
    let scale = 1.0 / f32::from(u16::try_from(size.trailing_zeros()).ok()?).exp2();
    for dot in &mut dots {
        *dot *= scale;
    }
    Some(Products {
        dots,
        energies: sliding(b, a.len(), shifts),
        energy: a.iter().map(|x| x * x).sum(),
    })
}

fn sliding(b: &[f32], length: usize, shifts: usize) -> Vec<f32> {
    let square = |x: &f32| f64::from(*x) * f64::from(*x);
    let mut sum: f64 = b.iter().take(length).map(square).sum();
    let mut sums = Vec::with_capacity(shifts);
    let pairs = b.iter().zip(b.iter().skip(length));
    sums.push(narrow(sum));
    for (leaving, entering) in pairs.take(shifts.saturating_sub(1)) {
        sum += square(entering) - square(leaving);
        sums.push(narrow(sum.max(0.0)));
    }
    sums
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "an energy needs no more precision than its samples"
)]
const fn narrow(value: f64) -> f32 {
    value as f32
}

/// The shift at which the two are most alike, and how much: from 0 to 1.
pub(super) fn peak(products: &[Products]) -> (usize, f32) {
    let shifts = products.iter().map(|p| p.dots.len()).min().unwrap_or(0);
    let energy: f32 = products.iter().map(|p| p.energy).sum();
    let at = |values: fn(&Products) -> &Vec<f32>, shift: usize| -> f32 {
        let value = |p| values(p).get(shift).copied().unwrap_or(0.0);
        products.iter().map(value).sum()
    };
    let mut best = (0, 0.0);
    for shift in 0..shifts {
        let norm = (energy * at(|p| &p.energies, shift)).sqrt();
        let alike = at(|p| &p.dots, shift).abs() / norm.max(1e-9);
        if alike > best.1 {
            best = (shift, alike);
        }
    }
    best
}
