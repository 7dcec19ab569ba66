import { type FormEvent, type ReactNode, useId } from "react";
import { Button } from "./Button";
import { Dialog } from "./Dialog";

interface Props {
  title: string;
  action: string;
  busy: boolean;
  ready: boolean;
  onSend: () => void;
  onClose: () => void;
  children: ReactNode;
}

/** A form in a dialog; what sends it stands in the footer, and Enter sends it too. */
export function FormDialog({ title, action, busy, ready, onSend, onClose, children }: Props) {
  const id = useId();

  function send(event: FormEvent) {
    event.preventDefault();
    onSend();
  }

  return (
    <Dialog
      title={title}
      onClose={onClose}
      footer={
        <Button type="submit" form={id} look="primary" busy={busy} disabled={!ready}>
          {action}
        </Button>
      }
    >
      <form id={id} onSubmit={send} className="flex flex-col gap-4">
        {children}
      </form>
    </Dialog>
  );
}
