<?php
// Makes a small site in a scratch database with WordPress's own functions and prints its export;
// or, with "autop", prints what WordPress makes of the texts on standard input.
error_reporting(E_ERROR);
define('ABSPATH', '/usr/share/wordpress/');
define('WPINC', 'wp-includes');
if ($argv[1] === 'autop') {
    require ABSPATH . WPINC . '/plugin.php';
    require ABSPATH . WPINC . '/formatting.php';
    echo json_encode(array_map('wpautop', json_decode(stream_get_contents(STDIN), true)));
    exit;
}
define('DB_NAME', 'wordpress');
define('DB_USER', 'root');
define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:' . $argv[1]);
define('DB_CHARSET', 'utf8mb4');
define('DB_COLLATE', '');
define('WP_INSTALLING', true);
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('DISABLE_WP_CRON', true);
define('WP_CONTENT_DIR', $argv[2]);
define('WP_SITEURL', 'https://oud.example');
define('WP_HOME', 'https://oud.example');
$table_prefix = 'wp_';
$_SERVER['HTTP_HOST'] = 'oud.example';
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
$_SERVER['REQUEST_METHOD'] = 'GET';
function wp_mail() { return true; }
require ABSPATH . 'wp-settings.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';
require ABSPATH . 'wp-admin/includes/export.php';
wp_install('Oud blog', 'anna', 'anna@oud.example', true, '', 'geheim');
foreach (get_posts(['post_type' => 'any', 'post_status' => 'any', 'numberposts' => -1]) as $post) {
    wp_delete_post($post->ID, true);
}
update_option('timezone_string', 'Europe/Amsterdam');
update_option('permalink_structure', '/%category%/%postname%/');
$GLOBALS['wp_rewrite']->init();
$anna = get_user_by('login', 'anna')->ID;
wp_update_user(['ID' => $anna, 'display_name' => 'Anna Schrijver']);
$bram = wp_insert_user(['user_login' => 'bram', 'user_pass' => 'x', 'display_name' => 'Bram & zoon',
    'user_email' => 'bram@oud.example', 'role' => 'author']);
$werk = wp_insert_term('Werk & rust', 'category', ['slug' => 'werk'])['term_id'];
foreach (json_decode(stream_get_contents(STDIN), true) as $given) {
    $id = wp_insert_post([
        'post_title' => $given['title'], 'post_content' => $given['text'],
        'post_status' => $given['status'], 'post_author' => $given['author'] === 'bram' ? $bram : $anna,
        'post_name' => $given['slug'], 'post_date' => $given['date'], 'post_category' => [$werk],
        'tags_input' => $given['tags'], 'post_excerpt' => $given['excerpt'],
        'post_password' => $given['password'], 'edit_date' => true,
    ], true);
    $made = [];
    foreach ($given['comments'] as $key => $said) {
        $made[$key] = wp_insert_comment([
            'comment_post_ID' => $id, 'comment_author' => $said['name'],
            'comment_author_email' => $said['email'], 'comment_content' => wp_slash($said['text']),
            'comment_parent' => $said['parent'] === null ? 0 : $made[$said['parent']],
            'comment_approved' => $said['state'], 'comment_type' => $said['type'],
            'user_id' => $said['user'] === 'bram' ? $bram : 0,
            'comment_date' => get_date_from_gmt($said['gmt']), 'comment_date_gmt' => $said['gmt'],
        ]);
    }
}
ob_start();
export_wp(['content' => 'all']);
echo ob_get_clean();
