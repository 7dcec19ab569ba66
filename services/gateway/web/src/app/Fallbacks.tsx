import { Link } from "@tanstack/react-router";
import { Compass } from "lucide-react";
import { Button, buttonLook } from "@/design/Button";
import { Notice } from "@/design/Notice";
import { Empty } from "@/design/States";
import { useText } from "@/words/text";

export function Missing() {
  const t = useText();
  return (
    <main className="p-6">
      <Empty
        heading
        icon={Compass}
        title={t("common.notFound")}
        action={
          <Link to="/" className={buttonLook("primary")}>
            {t("common.home")}
          </Link>
        }
      />
    </main>
  );
}

/** The last resort, where a screen threw. A new version on the server looks like this, too. */
export function Crashed({ error }: { error: unknown }) {
  const t = useText();
  return (
    <div className="p-6">
      <Notice
        tone="bad"
        title={t("common.crashed")}
        action={<Button onClick={() => location.reload()}>{t("common.reload")}</Button>}
      >
        <p>{String(error)}</p>
      </Notice>
    </div>
  );
}
