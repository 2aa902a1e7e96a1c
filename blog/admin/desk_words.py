"""Translated texts of the admin's scripts."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

# Where a picture stands in a text; the empty name is the column.
PLACE_NAMES: Final[dict[str, Any]] = {
    "": pgettext_lazy("place of a picture", "As wide as the text"),
    "wide": gettext_lazy("Wider than the text"),
    "small": gettext_lazy("Half as wide"),
    "left": gettext_lazy("At the left, text beside it"),
    "right": gettext_lazy("At the right, text beside it"),
}


def desk_words() -> dict[str, Any]:
    """By their names in static/admin-desk/."""
    places = {"places": {name: str(label) for name, label in PLACE_NAMES.items()}}
    return _library_words() | _writing_words() | _left_out_words() | places


def _library_words() -> dict[str, str]:
    return {
        "picture": _("Picture"),
        "gallery": _("Gallery"),
        "editGallery": _("Change the gallery"),
        "editPicture": _("Change the words"),
        "noAlt": _("no alternative text"),
        "altIs": _("Alternative text: {text}"),
        "title": _("Choose a picture"),
        "titleMany": _("Choose pictures for the gallery"),
        "search": _("Search the library"),
        "none": _("Nothing found."),
        "more": _("Show more"),
        "add": _("Add a new picture"),
        "file": _("File"),
        "alt": _("Alternative text: what is to be seen?"),
        "decorative": _("Mere decoration: nothing needs to be said"),
        "altNeeded": _("Say what is to be seen, or tick that it is mere decoration."),
        "caption": _("Caption"),
        "credit": _("Maker or source"),
        "tabUpload": _("Upload"),
        "tabLibrary": _("Library"),
        "cropAndFocus": _("Crop and focal point"),
        "cropHelp": _(
            "Draw a frame over what should stay, or choose a shape. A click sets the focal point:"
            " what must stay in view where a page crops the picture further."
        ),
        "cropNumbers": _("Crop in numbers"),
        "cropLeft": _("Cut off at the left (%)"),
        "cropTop": _("Cut off at the top (%)"),
        "cropWidth": _("Width that stays (%)"),
        "cropHeight": _("Height that stays (%)"),
        "shape": _("Shape"),
        "whole": _("Whole picture"),
        "focus": _("Focal point: what must stay in view where the picture is cropped"),
        "focusHelp": _("Click in the picture, or move the sliders."),
        "across": _("From the left (%)"),
        "down": _("From the top (%)"),
        "upload": _("Add and choose"),
        "useMany": _("Use these pictures"),
        "busy": _("Adding …"),
        "cancel": _("Cancel"),
        "save": _("Save"),
        "remove": _("Remove"),
        "failed": _("The site did not answer. Please try again."),
        "forbidden": _("Your account may not look here."),
        "loggedOut": _("You are not logged in any more. Log in in a new tab, then try again."),
        "choose": _("Choose from the library"),
        "chooseRow": _("Choose one"),
        "nothing": _("nothing chosen"),
        "clear": _("Clear"),
        "find": _("Search by words"),
        "found": _("What was found"),
        "copied": _("Copied."),
        "copyFailed": _("Copying is not possible here: select the address."),
    }


def _left_out_words() -> dict[str, str]:
    return {
        "leftOutPicture": _("A picture did not come along"),
        "leftOutVideo": _("A video did not come along"),
        "leftOutNoName": _("without a name"),
        "leftOutInside": _("inside the document"),
        "leftOutPut": _("Put the picture here"),
        "leftOutCard": _("Make a card of it"),
        "leftOutDrop": _("Leave it out"),
        "leftOutTitle": _("Did not come along: {n}"),
        "leftOutHelp": _("Readers see none of these notes. They are saved with the text."),
        "place": _("Place"),
    }


def _writing_words() -> dict[str, str]:
    return {
        "note": _("Note"),
        "noteText": _("Text of the note"),
        "card": _("Card for a video, post or page elsewhere"),
        "cardUrl": _("Address"),
        "cardTitle": _("Title: what is there?"),
        "cardNeeds": _("A card needs an address that begins with https:// and a title."),
        "cardHelp": _(
            "Readers see a link; nothing is loaded from elsewhere until they ask for it. Videos of"
            " YouTube and Vimeo can then be watched on the page."
        ),
        "link": _("Link"),
        "linkField": _("An address, or words of an article of this site"),
        "linkNeeds": _("Choose an article from the list or type a whole address."),
        "linkRemove": _("Remove the link"),
        "pasting": _("Cleaning what you pasted …"),
        "leftOut": _("Left out of what you pasted: {n}. Each place has a note; below is a list."),
        "count": _("{words} words · {minutes} min. to read"),
        "check": _("Check the text"),
        "checking": _("Checking …"),
        "checkTitle": _("What could be better"),
        "checkGood": _("Nothing was found that could be better."),
        "checkWhere": _("Go there"),
        "publishTitle": _("Before this goes out"),
        "publishText": _("You may publish as it is. This is what could be better:"),
        "publishAnyway": _("Publish as it is"),
        "publishBack": _("Back to the text"),
        "unsaved": _("Not saved yet"),
        "kept": _("Kept by itself at {time}, not saved yet."),
        "keptHere": _("The site does not answer. Your text is kept in this browser until it does."),
        "keptTooLarge": _("This text is too large to be kept by itself: save it."),
        "offer": _("There is text of {time} that was not saved."),
        "offerHere": _("This browser kept text of {time} that never reached the site."),
        "offerOld": _("It was saved by somebody after that."),
        "noTitle": _("Without a title"),
        "restore": _("Put it back"),
        "restored": _("Put back. It is not saved yet."),
        "compare": _("Show the difference"),
        "drop": _("Throw it away"),
        "presence": _("{names} has this text open too."),
        "presenceMany": _("{names} have this text open too."),
        "overtaken": _(
            "{name} saved this text while you had it open. What you typed is safe: when you save,"
            " you see both."
        ),
        "editor": _("Text"),
        "toolbar": _("Layout of the text"),
    }


def editor_words() -> dict[str, str]:
    """Translations of the editor's own English texts."""
    return {
        "unordered list": _("Bulleted list"),
        "ordered list": _("Numbered list"),
        "List properties": _("Properties of the list"),
        "blockquote": _("Quotation"),
        "horizontal rule": _("Line between parts"),
        "bold": _("Bold"),
        "italic": _("Italic"),
        "strike": _("Struck through"),
        "code": _("Code"),
        "Code block": _("Block of code"),
        "subscript": _("Subscript"),
        "superscript": _("Superscript"),
        "undo": _("Undo"),
        "redo": _("Redo"),
        "paragraph": _("Paragraph"),
        "heading 2": _("Heading"),
        "heading 3": _("Subheading"),
        "heading 4": _("Small heading"),
        "Insert table": _("Table"),
        "Insert Table": _("Insert the table"),
        "Table Properties": _("Table"),
        "Rows": _("Rows"),
        "Columns": _("Columns"),
        "Include header row": _("First row is the header"),
        "Yes": _("Yes"),
        "No": _("No"),
        "Add column": _("Add a column"),
        "Delete column": _("Delete the column"),
        "Add row": _("Add a row"),
        "Delete row": _("Delete the row"),
        "Merge cells": _("Merge cells"),
        "Split cell": _("Split the cell"),
        "Toggle header cell": _("Header cell, or not"),
        "Delete table": _("Delete the table"),
        "Update": _("Save"),
        "Cancel": _("Cancel"),
    }
