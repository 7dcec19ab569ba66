import {
  type InputHTMLAttributes,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
} from "react";

const CONTROL =
  "w-full rounded-lg border border-edge bg-surface px-3 text-base text-ink placeholder:text-muted " +
  "disabled:opacity-60 aria-invalid:border-bad sm:text-sm";

interface About {
  label: ReactNode;
  hint?: ReactNode | undefined;
  error?: string | undefined;
}

/** A label above, a control, and below it what helps or what is wrong. */
function Labelled({
  id,
  label,
  hint,
  error,
  children,
}: About & { id: string; children: ReactNode }) {
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      {children}
      {error ? (
        <p id={`${id}-error`} className="text-sm text-bad">
          {error}
        </p>
      ) : (
        hint && (
          <p id={`${id}-hint`} className="text-sm text-muted">
            {hint}
          </p>
        )
      )}
    </div>
  );
}

function described(id: string, { hint, error }: About) {
  return {
    id,
    "aria-invalid": error ? (true as const) : undefined,
    "aria-describedby": error ? `${id}-error` : hint ? `${id}-hint` : undefined,
  };
}

export function TextField({
  label,
  hint,
  error,
  ...rest
}: About & InputHTMLAttributes<HTMLInputElement>) {
  const id = useId();
  return (
    <Labelled {...{ id, label, hint, error }}>
      <input {...rest} {...described(id, { label, hint, error })} className={`${CONTROL} h-10`} />
    </Labelled>
  );
}

export function TextArea({
  label,
  hint,
  error,
  ...rest
}: About & TextareaHTMLAttributes<HTMLTextAreaElement>) {
  const id = useId();
  return (
    <Labelled {...{ id, label, hint, error }}>
      <textarea
        rows={4}
        {...rest}
        {...described(id, { label, hint, error })}
        className={`${CONTROL} resize-y py-2 leading-relaxed`}
      />
    </Labelled>
  );
}

export function Select({
  label,
  hint,
  error,
  children,
  ...rest
}: About & SelectHTMLAttributes<HTMLSelectElement>) {
  const id = useId();
  return (
    <Labelled {...{ id, label, hint, error }}>
      <select {...rest} {...described(id, { label, hint, error })} className={`${CONTROL} h-10`}>
        {children}
      </select>
    </Labelled>
  );
}

export function Checkbox({
  label,
  hint,
  ...rest
}: { label: ReactNode; hint?: ReactNode } & InputHTMLAttributes<HTMLInputElement>) {
  const id = useId();
  return (
    <div className="flex items-start gap-3">
      <input {...rest} type="checkbox" id={id} className="mt-0.5 size-5 shrink-0 accent-accent" />
      <label htmlFor={id} className="min-w-0 text-sm">
        {label}
        {hint && <span className="block text-muted">{hint}</span>}
      </label>
    </div>
  );
}
