"""What holds for the whole site: its settings row, menus, moved addresses, colours.

Way in: `settings.site_settings`, `settings.site_settings_save`, `menus.menu_links_renew`,
`redirects.address_moves`.
"""
