import { ShownOnce } from "@/design/ShownOnce";
import { useText } from "@/words/text";

export function Secret({ secret, onClose }: { secret: string; onClose: () => void }) {
  const t = useText();
  return (
    <ShownOnce
      title={t("webhooks.title")}
      warning={t("webhooks.secretOnce")}
      secret={secret}
      onClose={onClose}
    />
  );
}
