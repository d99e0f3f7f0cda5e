// Every screen, in the menu's order; those out of the menu are reached from another one.
import { Account } from "../account/account.js";
import { Board } from "../board/board.js";
import { First } from "../first/first.js";
import { Generate } from "../generate/generate.js";
import { Progress } from "../progress/progress.js";
import { Replan } from "../replan/replan.js";
import { Settings } from "../settings/settings.js";
import { Week } from "../week/week.js";

/** @typedef {{at: string, name: string, show: () => unknown, menu: boolean}} Screen */

export const SCREENS = /** @type {Screen[]} */ ([
  { at: "week", name: "week", show: Week, menu: true },
  { at: "board", name: "board", show: Board, menu: true },
  { at: "progress", name: "progress", show: Progress, menu: true },
  { at: "settings", name: "settings", show: Settings, menu: true },
  { at: "account", name: "account", show: Account, menu: false },
  { at: "generate", name: "generate", show: Generate, menu: false },
  { at: "first", name: "first_steps", show: First, menu: false },
  { at: "replan", name: "replan", show: Replan, menu: false },
]);
