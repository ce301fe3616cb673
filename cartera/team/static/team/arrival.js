// Someone who comes in is most likely where their device says: choose its time zone for them.
const zones = document.querySelector("select[data-time-zone]");
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zones?.value === "UTC" && [...zones.options].some((option) => option.value === here)) zones.value = here;
