// What one tab tells the others of this browser. Where the browser cannot, each learns it from the server.
const channel = typeof document === "object" && typeof BroadcastChannel === "function" && "addEventListener" in document ? new BroadcastChannel("schediora") : null;

/** @typedef {{user: string, taken?: import("../api/types.js").Session | null}} Told something that waits has changed; `taken` is what the server made of it */

/** @param {Told} what */
export const tell = (what) => { channel?.postMessage(what); };

/** @param {(what: Told) => void} hear */
export const listen = (hear) => { if (channel) channel.onmessage = ({ data }) => hear(data); };
