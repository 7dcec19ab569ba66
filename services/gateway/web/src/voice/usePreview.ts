import { useCallback, useSyncExternalStore } from "react";
import { fetchFile } from "@/api/client";

type Phase = "idle" | "loading" | "playing" | "failed";

interface Playing {
  id: string;
  phase: Phase;
}

// A voice that was never heard is spoken first, which takes a moment.
const MOST_ASKING = 20;
const ASK_AGAIN_MS = 1_500;

const listeners = new Set<() => void>();
let now: Playing = { id: "", phase: "idle" };
let audio: HTMLAudioElement | null = null;
let asking: AbortController | null = null;

function set(next: Playing): void {
  now = next;
  for (const tell of listeners) tell();
}

function stop(): void {
  asking?.abort();
  asking = null;
  audio?.pause();
  if (audio) URL.revokeObjectURL(audio.src);
  audio = null;
  set({ id: "", phase: "idle" });
}

async function play(id: string): Promise<void> {
  stop();
  set({ id, phase: "loading" });
  const mine = new AbortController();
  asking = mine;
  try {
    const blob = await fetchPreview(id, mine.signal);
    if (mine.signal.aborted) return;
    audio = new Audio(URL.createObjectURL(blob));
    audio.onended = stop;
    await audio.play();
    set({ id, phase: "playing" });
  } catch {
    if (!mine.signal.aborted) set({ id, phase: "failed" });
  }
}

async function fetchPreview(id: string, signal: AbortSignal): Promise<Blob> {
  const path = `/v1/voices/${encodeURIComponent(id)}/preview`;
  for (let asked = 0; asked < MOST_ASKING; asked += 1) {
    const response = await fetchFile(path, signal);
    if (response.status !== 202) return response.blob();
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
    signal.throwIfAborted();
  }
  throw new Error("the voice takes too long");
}

/** One voice is heard at a time; returns which, and what starts or stops it. */
export function usePreview(id: string): { phase: Phase; toggle: () => void } {
  const phase = useSyncExternalStore(
    useCallback((tell: () => void) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    }, []),
    () => (now.id === id ? now.phase : "idle"),
  );
  const active = phase === "loading" || phase === "playing";
  return { phase, toggle: () => (active ? stop() : void play(id)) };
}
