// What every page runs. Each module brings one behaviour.
import "design/toasts.js";
import "design/menus.js";
import "design/palette.js";
import "design/keyboard.js";
import "design/folds.js";
import "design/requests.js";
import "design/completion.js";
