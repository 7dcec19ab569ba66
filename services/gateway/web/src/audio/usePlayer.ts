import { useCallback, useEffect, useMemo, useRef, useState } from "react";

export interface Player {
  playing: boolean;
  ended: boolean;
  time: number;
  length: number;
  toggle: () => void;
  seek: (seconds: number) => void;
  setRate: (rate: number) => void;
  rate: number;
}

/** Plays a sound; `fallbackLength` is how long it is said to be, until the browser knows. */
export function usePlayer(sound: Blob | undefined, fallbackLength: number): Player {
  const audio = useRef<HTMLAudioElement | null>(null);
  const [playing, setPlaying] = useState(false);
  const [ended, setEnded] = useState(false);
  const [time, setTime] = useState(0);
  const [length, setLength] = useState(fallbackLength);
  const [rate, changeRate] = useState(1);

  useEffect(() => {
    if (!sound) return;
    const url = URL.createObjectURL(sound);
    const element = new Audio(url);
    audio.current = element;
    setTime(0);
    element.onloadedmetadata = () => {
      if (Number.isFinite(element.duration)) setLength(element.duration);
    };
    element.onplay = () => {
      setPlaying(true);
      setEnded(false);
    };
    element.onpause = () => setPlaying(false);
    element.onended = () => {
      setEnded(true);
      setTime(element.duration);
    };
    element.onseeked = () => setTime(element.currentTime);
    return () => {
      element.pause();
      audio.current = null;
      setPlaying(false);
      URL.revokeObjectURL(url);
    };
  }, [sound]);

  // `timeupdate` comes four times a second, which a waveform shows as stumbling.
  useEffect(() => {
    if (!playing) return;
    let frame = 0;
    const follow = () => {
      setTime(audio.current?.currentTime ?? 0);
      frame = requestAnimationFrame(follow);
    };
    frame = requestAnimationFrame(follow);
    return () => cancelAnimationFrame(frame);
  }, [playing]);

  const toggle = useCallback(() => {
    const element = audio.current;
    if (!element) return;
    if (element.paused) void element.play();
    else element.pause();
  }, []);

  const seek = useCallback((seconds: number) => {
    const element = audio.current;
    if (!element) return;
    element.currentTime = Math.max(0, seconds);
    setEnded(false);
    setTime(element.currentTime);
  }, []);

  const setRate = useCallback((next: number) => {
    changeRate(next);
    if (audio.current) audio.current.playbackRate = next;
  }, []);

  return useMemo(
    () => ({ playing, ended, time, length, toggle, seek, setRate, rate }),
    [playing, ended, time, length, toggle, seek, setRate, rate],
  );
}
