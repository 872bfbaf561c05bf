;;; emacs.el --- Drives Emacs with eglot or lsp-mode: see check_editor in editing.py  -*- lexical-binding: t -*-

(require 'json)
(require 'cl-lib)
(require 'yaml-mode)
(add-to-list 'auto-mode-alist '("\\.ya?ml\\'" . yaml-mode))

;; lsp-mode would ask whether the folder is a project.
(defvar lsp-auto-guess-root)
(setq lsp-auto-guess-root t)

(defun driver-wait (what condition)
  "Wait until CONDITION holds; WHAT says for what."
  (with-timeout (30 (error "Waited in vain: %s" what))
    (while (not (funcall condition))
      ;; Much waits for the end of a command or for a rest, and without a keyboard there is neither.
      (run-hooks 'post-command-hook)
      (mapc #'timer-event-handler (copy-sequence timer-idle-list))
      (accept-process-output nil 0.02))))

(defun driver-tell (told)
  "Give TOLD to the test."
  (let ((coding-system-for-write 'utf-8-unix))
    (with-temp-file (getenv "DRIVER_OUT") (insert (json-encode told)))))

(defun driver-place (position)
  "Line and column, both from 0, of POSITION."
  (save-excursion
    (goto-char position)
    (list (1- (line-number-at-pos)) (- (point) (line-beginning-position)))))

(defun driver-code (text)
  "The code of the diagnostic that is shown with TEXT; lsp-mode shows messages without their codes."
  (if (featurep 'lsp-mode)
      (lsp:diagnostic-code? (cl-find text (lsp--get-buffer-diagnostics) :key #'lsp:diagnostic-message :test #'equal))
    (and (string-match "DBX[0-9]+" text) (match-string 0 text))))

(defun driver-shown ()
  "The diagnostics of the buffer."
  (mapcar
   (lambda (found)
     (cons (driver-code (flymake-diagnostic-text found))
           (append (driver-place (flymake-diagnostic-beg found)) (driver-place (flymake-diagnostic-end found)))))
   (flymake-diagnostics)))

(defun driver-text ()
  (save-restriction (widen) (buffer-substring-no-properties (point-min) (point-max))))

(defun driver-act (title act)
  "Choose the action with TITLE in the menu that ACT opens."
  (let ((before (driver-text)))
    (cl-letf (((symbol-function 'completing-read)
               (lambda (_prompt collection &rest _)
                 (or (cl-find-if (lambda (entry) (string-match-p (regexp-quote title) (downcase entry)))
                                 (all-completions "" collection))
                     (error "No action %s in %S" title (all-completions "" collection))))))
      (funcall act))
    (driver-wait title (lambda () (not (equal before (driver-text)))))))

(defun driver-drive (act)
  "Do all, with ACT for a menu of actions of a kind."
  (let* ((json-object-type 'alist)
         (scenario (json-read-file (getenv "DRIVER_IN")))
         (findings (alist-get 'findings scenario))
         other shown first)
    (find-file (alist-get 'lookalike scenario))
    (setq other (current-buffer))
    (find-file (alist-get 'file scenario))
    (driver-wait "diagnostics" (lambda () (>= (length (flymake-diagnostics)) findings)))
    (setq shown (driver-shown))
    (goto-char (point-min))
    (forward-line (alist-get 'line scenario))
    (forward-char (length (alist-get 'before scenario)))
    (driver-act (downcase (alist-get 'title scenario)) (lambda () (funcall act "quickfix")))
    (setq first (driver-text))
    (driver-wait "fewer diagnostics" (lambda () (< (length (flymake-diagnostics)) findings)))
    (driver-act "fix all" (lambda () (funcall act "source.fixAll.devbox-lint")))
    (save-buffer)
    (driver-tell `((shown . ,(vconcat (mapcar #'vconcat shown)))
                   (lookalike . ,(with-current-buffer other (length (flymake-diagnostics))))
                   (first . ,first)))))

(defun driver-eglot (kind)
  "The menu of eglot."
  (eglot-code-actions (point) (point) kind t))

(defun driver-lsp-mode (kind)
  "The menu of lsp-mode."
  (let ((lsp-auto-execute-action nil))
    (if (equal kind "quickfix")
        (call-interactively #'lsp-execute-code-action)
      (lsp-execute-code-action-by-kind kind))))

(condition-case failure
    (driver-drive (if (featurep 'lsp-mode) #'driver-lsp-mode #'driver-eglot))
  (error (driver-tell `((error . ,(format "%S" failure))
                        (log . ,(cl-loop for buffer in (buffer-list)
                                         when (string-match-p "EGLOT\\|lsp-log" (buffer-name buffer))
                                         concat (with-current-buffer buffer (buffer-string))))))))
(kill-emacs 0)
