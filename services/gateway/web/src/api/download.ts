import { fetchFile } from "./client";

/** Saves a file of the API under the name the server gives it. */
export async function downloadFile(path: string, instead: string): Promise<void> {
  const response = await fetchFile(path);
  const name = nameIn(response.headers.get("Content-Disposition")) ?? instead;
  save(await response.blob(), name);
}

export function save(content: Blob, name: string): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser reads it after the click has returned.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Returns the file name of a Content-Disposition header (RFC 6266), in whatever script. */
export function nameIn(header: string | null): string | null {
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(header ?? "")?.[1];
  if (encoded) return decodeURIComponent(encoded);
  return /filename="([^"]*)"/i.exec(header ?? "")?.[1] ?? null;
}
