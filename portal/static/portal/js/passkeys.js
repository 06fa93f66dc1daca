// Asks the browser for a passkey, puts its answer into the form's field "credential" and sends the form.
// A form says what it wants: data-passkey="create" or "get"; its options are the JSON beside it.
// Its button waits, disabled, for this script: pressed before, it would do nothing and say nothing.
const { webauthnJSON } = window;

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const fault = form.querySelector("[data-passkey-fault]");
  const options = JSON.parse(form.querySelector("#passkey-options").textContent);

  const ask = form.querySelector("[data-passkey-ask]");

  ask.addEventListener("click", async () => {
    fault.hidden = true;
    try {
      const answer =
        form.dataset.passkey === "create"
          ? await webauthnJSON.create(options.creation_options)
          : await webauthnJSON.get(options.request_options);
      form.elements.credential.value = JSON.stringify(answer);
      form.submit();
    } catch {
      fault.hidden = false; // the window was closed, or the device has no such key
    }
  });
  ask.disabled = false;
}
