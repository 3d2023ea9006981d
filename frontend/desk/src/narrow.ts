/** Whether the window is a phone's: lists are then cards instead of tables. */

import { ref } from "vue";

const query = window.matchMedia("(max-width: 700px)");

export const narrow = ref(query.matches);

query.addEventListener("change", () => (narrow.value = query.matches));
