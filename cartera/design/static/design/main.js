// What every page runs. Each module brings one behaviour.
import "design/completion.js";
import "design/dialogs.js";
import "design/folds.js";
import "design/keyboard.js";
import "design/menus.js";
import "design/palette.js";
import "design/requests.js";
import "design/rows.js";
import "design/toasts.js";
