// An address that is copied with one press; where the browser cannot, it stands there to select.
import { make } from "../js/site.js";
import { words } from "./dialog.js";

export function copying(button) {
  const field = document.getElementById(button.dataset.copy);
  const status = make("span", { role: "status", className: "quiet" });
  button.hidden = false;
  button.after(" ", status);
  button.addEventListener("click", async () => {
    status.textContent = "";
    try {
      await navigator.clipboard.writeText(field.value);
      status.textContent = words.copied;
    } catch {
      field.select();
      status.textContent = words.copyFailed;
    }
  });
}
