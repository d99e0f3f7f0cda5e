// Every screen that has a place in the menu, in its order.
import { Week } from "../week/week.js";

export const SCREENS = /** @type {{at: string, name: string, show: () => unknown}[]} */ ([
  { at: "week", name: "week", show: Week },
]);
