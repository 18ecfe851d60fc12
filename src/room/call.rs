//! The call: from the first seat taken to the last released.
use super::Room;
use super::effect::{Effect, Effects};
use super::ids::{CallId, Millis};
use super::record::{Behind, CallRecord};

impl Room {
    /// Someone took a seat: opens a call with `id` if none is open.
    pub(super) fn call_goes_on(&mut self, now: Millis, id: CallId, fx: &mut Effects) {
        let people = self.roster.len() as u32;
        let call = self.call.get_or_insert(CallRecord {
            id,
            started_at: now,
            paired_at: None,
            ended_at: None,
            peak: 0,
        });
        let is_peak = people > call.peak;
        call.peak = call.peak.max(people);
        if self.note_pair(now) || is_peak {
            self.write_call(fx);
        }
    }

    /// Notes when two are present for the first time.
    pub(super) fn pair_call(&mut self, now: Millis, fx: &mut Effects) {
        if self.note_pair(now) {
            self.write_call(fx);
        }
    }

    pub(super) fn end_call(&mut self, now: Millis, fx: &mut Effects) {
        if let Some(call) = self.call.take() {
            let call = CallRecord { ended_at: Some(now), ..call };
            fx.push(Effect::Behind(Behind::Call { room: self.id, call }));
        }
    }

    fn note_pair(&mut self, now: Millis) -> bool {
        let present = self.roster.len() - self.roster.away();
        match &mut self.call {
            Some(call) if call.paired_at.is_none() && present >= 2 => {
                call.paired_at = Some(now);
                true
            }
            _ => false, // no call, or it is noted already, or one is alone
        }
    }

    fn write_call(&self, fx: &mut Effects) {
        if let Some(call) = self.call {
            fx.push(Effect::Behind(Behind::Call { room: self.id, call }));
        }
    }
}
