// Something that the API is asked for: what it last said, whether it is being asked, and what went wrong.
import { signal } from "../vendor/ui.js";

/**
 * @template T
 * @param {(...wanted: any[]) => Promise<T>} ask
 */
export function loaded(ask) {
  const state = signal(/** @type {{data: T | null, error: unknown, loading: boolean}} */ ({ data: null, error: null, loading: false }));
  let turn = 0;
  /** Ask; an answer that another question has overtaken is dropped. @param {...any} wanted */
  const load = async (...wanted) => {
    const mine = ++turn;
    state.value = { ...state.peek(), loading: true };
    try {
      const data = await ask(...wanted);
      if (mine === turn) state.value = { data, error: null, loading: false };
    } catch (error) {
      if (mine === turn) state.value = { ...state.peek(), error, loading: false };
    }
  };
  /** Show what is had already while the question is still open. @param {() => Promise<T | null>} have */
  const meanwhile = async (have) => {
    const mine = turn;
    const data = await have();
    if (data && mine === turn && state.peek().loading) state.value = { ...state.peek(), data };
  };
  const clear = () => { turn += 1; state.value = { data: null, error: null, loading: false }; };
  /** Change what is shown ahead of the server's word. @param {(data: T) => T} change */
  const patch = (change) => { const now = state.peek(); if (now.data) state.value = { ...now, data: change(now.data) }; };
  return { state, load, meanwhile, clear, patch };
}
