import { Dialog } from "@/design/Dialog";
import { useText } from "@/words/text";
import { NavLinks } from "./NavLinks";

export function NavDialog({ onClose }: { onClose: () => void }) {
  const t = useText();
  return (
    <Dialog title={t("nav.menu")} onClose={onClose}>
      <NavLinks onChoose={onClose} />
    </Dialog>
  );
}
