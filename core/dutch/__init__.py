"""The forms of Dutch words, from OpenTaal's word list: "vakanties" belongs to "vakantie".

Way in: `forms.forms_of`. `building` makes the data file of a newer list.
"""
