// A photo is shrunk on the phone, sent once under its own key, and answered with the owners to ask.
"use strict";
const LONGEST_SIDE = 1600;
const RELATIONS = { SameImage: "same image", SameProduct: "same product", SameDesign: "same design", MarkPresent: "mark present", SameIdentifier: "same identifier" };
const at = id => document.getElementById(id);

function show(section) {
  for (const id of ["take", "working", "result"]) at(id).hidden = id !== section;
  at("error").hidden = true;
}

function fail(text) {
  show("take");
  at("error").textContent = text;
  at("error").hidden = false;
}

/** Draws the photo upright within the longest side; a picture the browser cannot read is sent as it is. */
async function shrink(file) {
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    return await new Promise(resolve => canvas.toBlob(blob => resolve(blob ?? file), "image/jpeg", 0.88));
  } catch {
    return file;
  }
}

async function send(file) {
  if (!file) return;
  show("working");
  at("preview").src = at("photo").src = URL.createObjectURL(file);
  const photo = await shrink(file);
  const key = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(36).slice(2)}`;
  const query = new URLSearchParams({ takenAt: new Date().toISOString() });
  if (at("place").value.trim()) query.set("place", at("place").value.trim());
  try {
    const answer = await post(`/api/v1/field/captures?${query}`, photo, { "Content-Type": photo.type || "application/octet-stream", "Idempotency-Key": key });
    render(answer);
  } catch (error) {
    fail(error.message);
  }
}

/** Posts and reads JSON; tries again where the connection broke, which the key makes safe. */
async function post(url, body, headers) {
  for (let attempt = 1; ; attempt++) {
    let response;
    try {
      response = await fetch(url, { method: "POST", body, headers });
    } catch {
      if (attempt === 3) throw new Error("There is no connection. The photo was not sent; try again.");
      await new Promise(resolve => setTimeout(resolve, attempt * 1000));
      continue;
    }
    const answer = await response.json().catch(() => ({}));
    if (response.ok) return answer;
    if (response.status === 401) throw new Error("You are signed out. Reload the page to sign in.");
    throw new Error(answer.detail ?? answer.title ?? `The server answered ${response.status}.`);
  }
}

function percent(value) {
  return value > 0.99 && value < 1 ? "> 99 %" : `${Math.round(value * 100)} %`;
}

function fact(list, name, value) {
  if (!value) return;
  const term = document.createElement("dt");
  const text = document.createElement("dd");
  term.textContent = name;
  text.textContent = value;
  list.append(term, text);
}

function render(answer) {
  const count = answer.matches.length;
  at("verdict").textContent = count > 0 ? (count === 1 ? "One reference matches" : `${count} references match`) : answer.verdict === "Undetermined" ? "Undetermined" : "No match in the registers";
  at("detail").textContent = count > 0 ? "Most probable first. The owner decides whether it is genuine." : answer.verdict === "Undetermined" ? `${answer.detail ?? answer.reason}. This says nothing about the item.` : "Another angle, or the label, may tell more.";
  at("matches").replaceChildren(...answer.matches.map(match => card(answer.id, match)));
  show("result");
  at("verdict").focus();
}

function card(captureId, match) {
  const item = at("match").content.cloneNode(true).firstElementChild;
  const part = name => item.querySelector(`.match-${name}`);
  if (match.referenceImageSha256) part("picture").src = `/images/${match.referenceImageSha256}?w=320`;
  else part("picture").remove();
  part("title").textContent = match.title;
  part("relation").textContent = RELATIONS[match.relation] ?? match.relation;
  part("probability").textContent = percent(match.probability);
  part("danger").textContent = match.danger ?? "";
  fact(part("facts"), "Owner", match.rightHolder);
  fact(part("facts"), "Counts in", match.territory.join(", "));
  fact(part("facts"), "Expires", match.expiresOn);
  fact(part("facts"), "In force", match.notInForce ? `no: ${match.notInForce}` : null);
  fact(part("facts"), "Number", `${match.externalId} (${match.register})`);
  fact(part("facts"), "Risk", match.riskLevel);
  const button = item.querySelector(".notify");
  const sent = part("sent");
  if (!match.hasContact) button.remove();
  else button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      const told = await post(`/api/v1/field/captures/${captureId}/notifications`, JSON.stringify({ referenceId: match.referenceId }), { "Content-Type": "application/json" });
      sent.textContent = told.already ? `${told.recipient} was notified before.` : `A message to ${told.recipient} is on its way.`;
      button.hidden = true;
    } catch (error) {
      sent.textContent = error.message;
      sent.classList.replace("good", "danger");
      button.disabled = false;
    }
    sent.hidden = false;
  });
  return item;
}

for (const id of ["camera", "picker"])
  at(id).addEventListener("change", event => { send(event.target.files[0]); event.target.value = ""; });
at("again").addEventListener("click", () => show("take"));
document.querySelector(".shutter").addEventListener("keydown", event => { if (event.key === "Enter" || event.key === " ") at("camera").click(); });
