//! The commands of a meeting that are one frame each: people, chat, data, the host's tools.

/** Mixed into Meeting: `this.request` is the socket. */
export const actions = {
  async setProfile(profile) {
    await this.request("set_profile", profile);
  },
  async setAttributes(attributes) {
    await this.request("set_attributes", { attributes });
  },
  raiseHand() {
    return this.request("raise_hand");
  },
  async lowerHand(peer) {
    await this.request("lower_hand", peer ? { peer } : {});
  },
  async react(emoji) {
    await this.request("react", { emoji });
  },

  async edit(message, text) {
    await this.request("chat_edit", { message, text });
  },
  async delete(message) {
    await this.request("chat_delete", { message });
  },
  async reactTo(message, emoji, on) {
    await this.request("chat_react", { message, emoji, on });
  },
  async search(text, limit = 50) {
    const { messages } = await this.request("chat_history", { search: text, limit });
    return messages;
  },
  typing(on, to) {
    this.request("typing", { on, ...(to && { to }) }).catch(() => {}); // a hint: not worth a word when it doesn't arrive
  },

  async signal(to, body) {
    await this.request("signal", { to, body });
  },
  async broadcast(topic, body) {
    await this.request("broadcast", { topic, body });
  },

  async updateRoom(change) {
    await this.request("room_update", change);
  },
  async lock(locked) {
    await this.request("lock", { locked });
  },
  async rotatePins(which = { pin: true, spin: true }) {
    const { pins } = await this.request("rotate_pins", which);
    return pins;
  },
  async grant(peer, rights) {
    await this.request("grant", { peer, rights });
  },
  async revoke(peer, rights) {
    await this.request("revoke", { peer, rights });
  },
  async setRole(peer, role) {
    await this.request("set_role", { peer, role });
  },
  async mute(peer, source) {
    await this.request("mute", { peer, source });
  },
  async muteAll(source) {
    await this.request("mute_all", { source });
  },
  async askUnmute(peer, source) {
    await this.request("ask_unmute", { peer, source });
  },
  async spotlight(peer) {
    await this.request("spotlight", { peer });
  },
  async kick(peer) {
    await this.request("kick", { peer });
  },
  async end() {
    await this.request("end");
  },
};
