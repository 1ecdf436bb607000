//! Who of up to three local voices speaks in each frame of ten-second windows.

use std::path::Path;

use ort::session::Session;
use ort::value::TensorRef;

use crate::EngineError;
use crate::onnx::session;

/// Samples of one window: the model's fixed input.
const WINDOW: usize = 160_000;
/// Samples between two frames of the model's answer.
pub(super) const FRAME: usize = 270;
/// Samples from a window's start to where its first frame's 270 samples begin, so that frames
/// stand around the middles of the 991 samples each of them sees.
pub(super) const LEAD: usize = 360;
/// Frames of one window.
pub(super) const FRAMES: usize = 589;
/// Frames between the starts of two windows: half a window, in whole frames.
pub(super) const STEP: usize = 296;
/// Voices that the model tells apart within a window.
pub(super) const LOCALS: usize = 3;

const MODEL: &str = "speaker segmentation";

/// One window's answer.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Window {
    /// Frame of the recording at which it starts.
    pub(super) start: usize,
    /// Who speaks, frame by frame; shorter at the recording's end.
    pub(super) active: Vec<[bool; LOCALS]>,
}

impl Window {
    /// Frames in which `local` speaks and nobody else does.
    pub(super) fn solo(&self, local: usize) -> impl Iterator<Item = bool> + '_ {
        self.active.iter().map(move |frame| {
            let speaks = |(other, on): (usize, &bool)| *on == (other == local);
            frame.iter().enumerate().all(speaks)
        })
    }
}

/// The segmentation model.
pub(super) struct Segmenter {
    session: Session,
    input: Vec<f32>,
}

impl Segmenter {
    pub(super) fn load(models: &Path) -> Result<Self, EngineError> {
        let lib = models.join("lib/libonnxruntime.so");
        let path = models.join("speakers/segmentation.ort");
        Ok(Self {
            session: session(&lib, MODEL, &path)?,
            input: Vec::with_capacity(WINDOW),
        })
    }

    /// Windows every five seconds until one reaches the end of the recording.
    pub(super) fn windows(&mut self, pcm: &[f32]) -> Result<Vec<Window>, EngineError> {
        let mut windows = Vec::new();
        let mut start = 0;
        loop {
            let rest = pcm.get(start * FRAME..).unwrap_or_default();
            if rest.is_empty() {
                return Ok(windows);
            }
            let active = self.window(rest)?;
            windows.push(Window { start, active });
            if rest.len() <= WINDOW {
                return Ok(windows);
            }
            start += STEP;
        }
    }

    fn window(&mut self, rest: &[f32]) -> Result<Vec<[bool; LOCALS]>, EngineError> {
        let heard = rest.get(..WINDOW).unwrap_or(rest);
        self.input.clear();
        self.input.extend_from_slice(heard);
        self.input.resize(WINDOW, 0.0);
        let failed = || EngineError::onnx(MODEL, "segmenting");
        let input =
            TensorRef::from_array_view(([1, 1, WINDOW], self.input.as_slice())).map_err(failed())?;
        let outputs = self
            .session
            .run(ort::inputs!["waveforms" => input])
            .map_err(failed())?;
        let unexpected = |what| EngineError::Unexpected { model: MODEL, what };
        let output = outputs
            .get("segmentation")
            .ok_or_else(|| unexpected("no `segmentation`"))?;
        let (_, values) = output.try_extract_tensor::<f32>().map_err(failed())?;
        if values.len() != FRAMES * LOCALS {
            return Err(unexpected("another number of frames"));
        }
        let whole = (heard.len().saturating_sub(LEAD)).div_ceil(FRAME);
        let (frames, _) = values.as_chunks::<LOCALS>();
        let on = |frame: &[f32; LOCALS]| frame.map(|value| value > 0.5);
        Ok(frames.iter().take(whole).map(on).collect())
    }
}
