import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { queries } from "./api/queries";
import { leaveWhenSignedOut } from "./app/leave";
import { router } from "./app/routes";
import { loadAhead } from "./app/screens";
import "./design/theme.css";
import { setUiLanguage, uiLanguage } from "./words/language";

setUiLanguage(uiLanguage());
leaveWhenSignedOut();
loadAhead();

const place = document.getElementById("root");
if (place) {
  createRoot(place).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  );
}
