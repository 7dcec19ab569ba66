import { useEffect, useRef, useState } from "react";

// Long enough not to ask at every letter, short enough not to be noticed.
const REST_MS = 250;

/** A text that is typed, and told once the hand rests, however often the screen is drawn. */
export function useTyped(
  known: string,
  tell: (text: string) => void,
): [string, (text: string) => void] {
  const [typed, setTyped] = useState(known);
  const told = useRef(known);
  const latest = useRef(tell);
  latest.current = tell;

  useEffect(() => {
    // What comes back was told by this field: letters typed since stay. The rest came from outside.
    if (known === told.current) return;
    told.current = known;
    setTyped(known);
  }, [known]);

  useEffect(() => {
    const text = typed.trim();
    if (text === told.current) return;
    const timer = setTimeout(() => {
      told.current = text;
      latest.current(text);
    }, REST_MS);
    return () => clearTimeout(timer);
  }, [typed]);

  return [typed, setTyped];
}
