//! An outbox whose frames somebody takes whole: nothing is ever partly written, and nothing waits for a writer.
use super::sink::{Emit, Emitted};
use super::{Outbox, Phase, State};
use crate::dialect::close::Close;

impl Outbox {
    /// Hands everything over, and shuts when the last frame is or they are no longer taken.
    pub(super) fn hand_over(&self, packets: &dyn Emit, state: &mut State) {
        while let Some(frame) = state.queue.pop() {
            match packets.emit(&frame) {
                Emitted::Taken => {}
                Emitted::Full => {
                    state.queue.clear();
                    self.begin_closing(state, Close::Slow);
                }
                Emitted::Gone => self.shut(state),
            }
        }
        state.queue.shrink();
        if let Phase::Closing { why, .. } = state.phase {
            self.shut(state);
            packets.end(Some(why));
        }
    }
}
